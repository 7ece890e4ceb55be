"""Passwords are not for guessing: five wrong tries by one address for one name, then a pause.

By name and address together: one person's typing must not lock out the whole salon, nor a stranger
elsewhere a member of staff. Upper floors count guesses of other kinds with `Tries`.
"""

import hashlib
import ipaddress
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
        """One more wrong guess; the pause starts again from here. None of many at once is lost."""
        with transaction.atomic():
            self._be_alone(who)
            self._add(who)

    def take(self, who: str) -> bool:
        """Whether they may try now; if so, it is counted. Of many at once only `most` may.

        For what costs something by itself, whether it was right or wrong. Three queries.
        """
        with transaction.atomic():
            self._be_alone(who)
            if self.is_over(who):
                return False
            self._add(who)
        return True

    def forget(self, who: str) -> None:
        """Earlier slips no longer count."""
        cache.delete(self._key(who))

    def _be_alone(self, who: str) -> None:
        """Until the transaction ends, nobody else counts for them."""
        with connection.cursor() as cursor:
            key = [self._key(who)]
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", key)

    def _add(self, who: str) -> None:
        key = self._key(who)
        cache.set(key, cache.get(key, 0) + 1, self.pause)

    def _key(self, who: str) -> str:
        return f"{self.prefix}:{hashlib.sha256(who.encode()).hexdigest()}"


_PASSWORDS = Tries("wrong-password", TRIES, PAUSE)


def may_try(username: str, request: HttpRequest) -> bool:
    """Whether this name may be tried from this address now; if so, it counts as a wrong one until
    `forget`. So of many passwords that come at once no more are looked at than may be.
    """
    return _PASSWORDS.take(_who(username, request))


def forget(username: str, request: HttpRequest) -> None:
    """The right password: earlier slips no longer count."""
    _PASSWORDS.forget(_who(username, request))


def _who(username: str, request: HttpRequest) -> str:
    return f"{username.strip().lower()} {connection_of(request)}"


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def network_of(address: str) -> Network | None:
    """What one connection has of addresses: itself, or its whole /64 of IPv6; None for no address.

    Whoever has an IPv6 address has all others of that network too, and could come from another one
    each time.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    length = 32 if isinstance(found, ipaddress.IPv4Address) else 64
    return ipaddress.ip_network((found, length), strict=False)


def connection_of(request: HttpRequest) -> str:
    """Who tries, as far as an address tells: what limits by the hour go by."""
    address = address_of(request)
    return str(network_of(address) or address)


def address_of(request: HttpRequest) -> str:
    """The client's address; behind a proxy that is believed, what the proxy says last."""
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("x-forwarded-for", "")
    if forwarded and peer in env.listing("FORWARDED_ALLOW_IPS"):
        return forwarded.rsplit(",", 1)[-1].strip()
    return peer
