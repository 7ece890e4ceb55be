"""Passwords are not for guessing: five wrong tries by one address for one name, then a pause.

By name and address together: one person's typing must not lock out the whole salon, nor a stranger
elsewhere a member of staff. Upper floors count guesses of other kinds with `Tries`.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest

from salon import env

TRIES = 5
PAUSE = 5 * 60
"""Seconds from the last wrong try."""


@dataclass(frozen=True)
class Tries:
    """Wrong guesses of one kind (`prefix`): after `most` of them by one who tries, a pause.

    `pause`: seconds from the last wrong one. Kept in the cache, which is a table (see CACHES), so
    that all processes count the same.
    """

    prefix: str
    most: int
    pause: int

    def is_over(self, who: str) -> bool:
        """Whether they may not try now. One query."""
        return cache.get(self._key(who), 0) >= self.most

    def count(self, who: str) -> None:
        """One more wrong guess; the pause starts again from here."""
        key = self._key(who)
        cache.set(key, cache.get(key, 0) + 1, self.pause)

    def take(self, who: str) -> bool:
        """Whether they may try now; if so, it is counted. Of many at once only `most` may.

        For what costs something by itself, whether it was right or wrong. Three queries.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                key = [self._key(who)]
                cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", key)
            if self.is_over(who):
                return False
            self.count(who)
        return True

    def forget(self, who: str) -> None:
        """Earlier slips no longer count."""
        cache.delete(self._key(who))

    def _key(self, who: str) -> str:
        return f"{self.prefix}:{hashlib.sha256(who.encode()).hexdigest()}"


_PASSWORDS = Tries("wrong-password", TRIES, PAUSE)


def is_paused(username: str, request: HttpRequest) -> bool:
    """Whether this name may not be tried from this address now. One query."""
    return _PASSWORDS.is_over(_who(username, request))


def count_wrong(username: str, request: HttpRequest) -> None:
    """One more wrong password; the pause starts again from here."""
    _PASSWORDS.count(_who(username, request))


def forget(username: str, request: HttpRequest) -> None:
    """The right password: earlier slips no longer count."""
    _PASSWORDS.forget(_who(username, request))


def _who(username: str, request: HttpRequest) -> str:
    return f"{username.strip().lower()} {address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """The client's address; behind a proxy that is believed, what the proxy says last."""
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("x-forwarded-for", "")
    if forwarded and peer in env.listing("FORWARDED_ALLOW_IPS"):
        return forwarded.rsplit(",", 1)[-1].strip()
    return peer
