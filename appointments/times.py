"""Times as a salon says them, in the zone of the location, on days when clocks change too."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from appointments.errors import NoSuchHour
from appointments.models import Appointment
from salon import clock, said
from salon.models import Location


def at_wall(
    day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo, *, second: bool = False
) -> dt.datetime:
    """The moment (UTC) that a wall clock in `zone` shows. `second`: of an hour that comes twice.

    NoSuchHour for a time that clocks skip in spring; the desk is told the next one that exists.
    """
    wall = dt.datetime.combine(day, time.replace(fold=int(second)), tzinfo=zone)
    moment = wall.astimezone(dt.UTC)
    back = moment.astimezone(zone)
    if back.replace(tzinfo=None, fold=0) != wall.replace(tzinfo=None, fold=0):
        first = _after_the_gap(wall)
        raise NoSuchHour(
            f"Clocks go forward on {say_day(day)}: {_say(wall)} does not exist. "
            f"The next time is {_say(first)}.",
            field="time",
        )
    return moment


def comes_twice(day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether clocks show this time twice on that day, when they go back in autumn."""
    wall = dt.datetime.combine(day, time, tzinfo=zone)
    first, second = wall.replace(fold=0).utcoffset(), wall.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def say_time(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Like 3:15 pm; in an hour that comes twice 1:15 am EDT, so that nobody has to guess."""
    local = moment.astimezone(zone)
    if comes_twice(local.date(), local.time(), zone):
        return f"{_say(local)} {local:%Z}"
    return _say(local)


def say_day(day: dt.date) -> str:
    """Like Tue, Nov 24."""
    return f"{day:%a, %b} {day.day}"


def when(visit: Appointment) -> str:
    """Like Tue, Nov 24, 3:15 pm, on the clock of the visit's location; another year is said too."""
    zone = visit.location.zone
    today = clock.now().astimezone(zone).date()
    day = said.day(visit.starts_at.astimezone(zone).date(), today)
    return f"{day}, {say_time(visit.starts_at, zone)}"


def day_bounds(location: Location, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The moments between which a business day of the location lies; the second is outside."""
    starts, zone = location.day_starts_at, location.zone
    first = dt.datetime.combine(day, starts, tzinfo=zone)
    last = dt.datetime.combine(day + dt.timedelta(days=1), starts, tzinfo=zone)
    return first.astimezone(dt.UTC), last.astimezone(dt.UTC)


def _say(local: dt.datetime) -> str:
    return said.clock_time(local.time())


def _after_the_gap(wall: dt.datetime) -> dt.datetime:
    """The first time that exists after a skipped one."""
    zone = wall.tzinfo
    before = wall.replace(fold=0).utcoffset()
    moment = wall.replace(fold=1).astimezone(dt.UTC)
    while moment.astimezone(zone).utcoffset() == before:
        moment += dt.timedelta(minutes=1)
    return moment.astimezone(zone)
