"""The owner's sites on which the booking page may open: an origin, checked and written one way."""

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"(?=.{1,190}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_HERE = ("localhost", "127.0.0.1")


def origin_of(text: str) -> str:
    """https://www.example.com, without a path. ValueError, in the owner's words, for anything else.

    What it returns is safe in a Content-Security-Policy: letters, digits, dots, hyphens, a port.
    """
    typed = text.strip()
    if "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        port = parts.port
    except (UnicodeError, ValueError):
        raise ValueError(_LIKE) from None
    if parts.username is not None or not _HOST.fullmatch(host):
        raise ValueError(_LIKE)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("Enter the site alone, without a page of it: https://www.example.com.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _HERE):
        raise ValueError("Enter a site that begins with https://.")
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


_LIKE = "Enter a site like https://www.example.com."
