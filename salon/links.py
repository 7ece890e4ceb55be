"""Signed addresses: whoever has one has what stands behind it, and nobody finds one by trying."""

import datetime as dt

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner


class LinkExpired(Exception):
    """The address was good once."""


class NoSuchLink(Exception):
    """The address was not made here."""


def whole(path: str) -> str:
    """The whole address of a path, for an e-mail, a QR code, or another site to lead back to."""
    return f"{settings.PUBLIC_URL}{path}"


def is_signed(signer: Signer, value: object, signature: str) -> bool:
    """Whether the signature, which came beside the value, was made here."""
    try:
        signer.unsign(f"{value}{signer.sep}{signature}")
    except BadSignature:
        return False
    return True


def read(signer: TimestampSigner, token: str, lasts: dt.timedelta) -> str:
    """What a token says. Raises LinkExpired for one that is older, and NoSuchLink."""
    try:
        return signer.unsign(token, max_age=lasts)
    except SignatureExpired as expired:
        raise LinkExpired from expired
    except BadSignature as forged:
        raise NoSuchLink from forged
