"""The one clock. Every act is given its time from here, so that tests and the demo can move it."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from salon.models import Location

Ahead = Callable[[], dt.timedelta]
_ahead: Ahead | None = None
"""Tells how far the clock is moved. Only the demo has one, and only forward."""


def now() -> dt.datetime:
    """The present moment, aware, UTC."""
    return timezone.now() if _ahead is None else timezone.now() + _ahead()


def ahead() -> dt.timedelta:
    """How far this clock is before that of the world: nothing, but in a demo that was moved."""
    return dt.timedelta(0) if _ahead is None else _ahead()


def outside(at: dt.datetime) -> dt.datetime:
    """When that is for whoever keeps the world's time: the card processor, the database's jobs."""
    return at - ahead()


def move_by(told: Ahead | None) -> None:
    """From now on ask `told` how far the clock is moved. For the demo, when the program starts."""
    global _ahead
    _ahead = told


def business_date(location: "Location", at: dt.datetime | None = None) -> dt.date:
    """The location's day that `at` belongs to: its zone, and its start of day."""
    local = (at or now()).astimezone(location.zone)
    starts = location.day_starts_at
    return local.date() if local.time() >= starts else local.date() - dt.timedelta(days=1)
