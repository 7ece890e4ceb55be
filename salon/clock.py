"""The one clock. Every act is given its time from here, so that tests and the demo can move it."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from salon.models import Location


def now() -> dt.datetime:
    """The present moment, aware, UTC."""
    return timezone.now()


def business_date(location: "Location", at: dt.datetime | None = None) -> dt.date:
    """The location's day that `at` belongs to: its zone, and its start of day."""
    local = (at or now()).astimezone(location.zone)
    starts = location.day_starts_at
    return local.date() if local.time() >= starts else local.date() - dt.timedelta(days=1)
