"""Passwords are not for guessing: five wrong tries by one address for one name, then a pause.

By name and address together: one person's typing must not lock out the whole salon, nor a stranger
elsewhere a member of staff. Tries are kept in the cache, which is a table (see CACHES), so that all
processes count the same.
"""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from salon import env

TRIES = 5
PAUSE = 5 * 60
"""Seconds from the last wrong try."""


def is_paused(username: str, request: HttpRequest) -> bool:
    """Whether this name may not be tried from this address now. One query."""
    return cache.get(_key(username, request), 0) >= TRIES


def count_wrong(username: str, request: HttpRequest) -> None:
    """One more wrong password; the pause starts again from here."""
    key = _key(username, request)
    cache.set(key, cache.get(key, 0) + 1, PAUSE)


def forget(username: str, request: HttpRequest) -> None:
    """The right password: earlier slips no longer count."""
    cache.delete(_key(username, request))


def _key(username: str, request: HttpRequest) -> str:
    told = f"{username.strip().lower()} {address_of(request)}"
    return f"wrong-password:{hashlib.sha256(told.encode()).hexdigest()}"


def address_of(request: HttpRequest) -> str:
    """The client's address; behind a proxy that is believed, what the proxy says last."""
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("x-forwarded-for", "")
    if forwarded and peer in env.listing("FORWARDED_ALLOW_IPS"):
        return forwarded.rsplit(",", 1)[-1].strip()
    return peer
