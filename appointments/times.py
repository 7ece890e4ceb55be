"""Times as a salon says them, in the zone of the location, on days when clocks change too."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from appointments.errors import NoSuchHour
from appointments.models import Appointment
from salon import clock, said
from salon.models import Location

TYPED = ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"]
"""How a time of day may be typed."""


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


def at_wall_or_after(day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The moment (UTC) at which a wall clock first shows this time, or has skipped it."""
    try:
        return at_wall(day, time, zone)
    except NoSuchHour:
        return _after_the_gap(dt.datetime.combine(day, time, tzinfo=zone)).astimezone(dt.UTC)


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


def said_from(moment: dt.datetime, other: dt.datetime, location: Location) -> str:
    """A time as one says it who speaks of `other`: 3:15 pm; of another day Wed, Nov 25, 3:15 pm."""
    told = say_time(moment, location.zone)
    days = {clock.business_date(location, one) for one in (moment, other)}
    if len(days) == 1:
        return told
    return f"{say_day(moment.astimezone(location.zone).date())}, {told}"


def say_span(starts_at: dt.datetime, ends_at: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """on Tue, Nov 24 from 12:00 pm to 1:00 pm; of whole days from Mon, Nov 23 to Fri, Nov 27."""
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if is_whole_days(starts_at, ends_at, zone):
        day = last.date() - dt.timedelta(days=1)
        if day == first.date():
            return f"on {say_day(day)}"
        return f"from {say_day(first.date())} to {say_day(day)}"
    since, until = say_time(starts_at, zone), say_time(ends_at, zone)
    if first.date() == last.date():
        return f"on {say_day(first.date())} from {since} to {until}"
    return f"from {say_day(first.date())}, {since} to {say_day(last.date())}, {until}"


def is_whole_days(starts_at: dt.datetime, ends_at: dt.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether a stretch goes from one midnight to another."""
    midnight = dt.time()
    return all(m.astimezone(zone).time() == midnight for m in (starts_at, ends_at))


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
