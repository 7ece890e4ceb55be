"""Codes are not for guessing: ten wrong ones by one person (or one address), then a pause.

Whoever counts stands outside of a transaction: a refusal must not take its own count back. A right
code forgives nothing, or whoever has one card could go on trying for others.
"""

from django.http import HttpRequest

from salon.guessing import Tries, connection_of
from salon.models import StaffMember

TRIES = 10
PAUSE = 10 * 60
"""Seconds from the last wrong try."""

_CODES = Tries("wrong-gift-card", TRIES, PAUSE)

PAUSED = (
    "Too many wrong codes were tried here. Wait ten minutes, or take another payment. "
    "Nothing was taken."
)


def at_the_desk(staff: StaffMember | None) -> str:
    """Who tries: a person, at whichever till."""
    return f"staff:{staff.pk if staff else 0}"


def from_outside(request: HttpRequest) -> str:
    """Who tries: an address."""
    return f"address:{connection_of(request)}"


def is_paused(who: str) -> bool:
    """Whether no code may be tried now. One query."""
    return _CODES.is_over(who)


def count_wrong(who: str) -> None:
    """One more wrong code; the pause starts again from here."""
    _CODES.count(who)
