"""When people work: stretches of time on a business day, from hours as the clock on the wall shows.

    hours = Hours(location, [maya, theo], first, last)
    hours.of(maya, day)       # [Window(9:00, 13:00), Window(14:00, 19:00)], time off not counted
    hours.free(maya, day)     # the same without her time off

Whose word counts at a location:

- Hours of one's own there, if there are any: on other days of the week one does not work there.
- Else, where one is at home there or at home nowhere, the location's opening hours; but not on a
  day of the week for which one has own hours at another location: then one is there.
- Else one does not work there.

Hours are wall-clock time on a date, a business day may reach into the next date; each moment is
reckoned by itself, so that nine to five is nine to five on days when clocks change, too. A time
that clocks skip counts as the moment at which they do; one that comes twice, as the first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from appointments.models import TimeOff, WorkingHours
from appointments.times import at_wall_or_after, day_bounds
from salon.models import Location, StaffMember

MIDNIGHT = dt.time(23, 59)
"""The latest end that can be written down; from then on it means the end of the date."""

Times = tuple[tuple[dt.time, dt.time], ...]
Week = dict[int, Times]
"""From and until on the wall, by day of the week; a day without work is not in it."""


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of time (UTC); the end is outside."""

    starts_at: dt.datetime
    ends_at: dt.datetime


class Hours:
    """The hours of some people at a location, for the business days `first` to `last` (included).

    Two queries when made, none later.
    """

    def __init__(
        self,
        location: Location,
        staff: Iterable[StaffMember],
        first: dt.date,
        last: dt.date | None = None,
    ) -> None:
        self.location = location
        people = {person.pk: person for person in staff}
        weeks = weeks_of(location, people)
        self._opening = weeks.get(None, {}).get(location.pk, {})
        self._weeks = {
            pk: week_of(person, location, weeks.get(pk, {}), self._opening)
            for pk, person in people.items()
        }
        since, until = day_bounds(location, first)[0], day_bounds(location, last or first)[1]
        self._off: dict[int, list[TimeOff]] = {}
        for off in time_off_between(people, since, until):
            self._off.setdefault(off.staff_id, []).append(off)
        self._known: dict[tuple[dt.date, Times, Times], list[Window]] = {}

    def opening(self, day: dt.date) -> list[Window]:
        """When the location is open on a business day."""
        return self._on(self._opening, day)

    def of(self, person: StaffMember, day: dt.date) -> list[Window]:
        """When somebody works on a business day, by their hours; time off is not taken out."""
        return self._on(self._weeks.get(person.pk, {}), day)

    def off(self, person: StaffMember, day: dt.date) -> list[TimeOff]:
        """The time off that touches somebody's business day, by time."""
        since, until = day_bounds(self.location, day)
        return [
            off
            for off in self._off.get(person.pk, [])
            if off.starts_at < until and off.ends_at > since
        ]

    def free(self, person: StaffMember, day: dt.date) -> list[Window]:
        """When somebody works on a business day and is not off."""
        windows = self.of(person, day)
        for off in self._off.get(person.pk, []) if windows else []:
            windows = [part for window in windows for part in _without(window, off)]
        return windows

    def _on(self, week: Week, day: dt.date) -> list[Window]:
        """People of the same hours share them: a month of twenty people is a month of few."""
        tomorrow = day + dt.timedelta(days=1)
        key = day, week.get(day.weekday(), ()), week.get(tomorrow.weekday(), ())
        if key not in self._known:
            self._known[key] = self._reckoned(*key)
        return self._known[key]

    def _reckoned(self, day: dt.date, today: Times, tomorrow: Times) -> list[Window]:
        """The hours of two dates, as far as they lie on the business day of the first."""
        since, until = day_bounds(self.location, day)
        dates = ((day, today), (day + dt.timedelta(days=1), tomorrow))
        windows = (
            self._moments(date, starts, ends) for date, times in dates for starts, ends in times
        )
        clipped = (
            Window(max(window.starts_at, since), min(window.ends_at, until)) for window in windows
        )
        return joined(window for window in clipped if window.starts_at < window.ends_at)

    def _moments(self, date: dt.date, starts: dt.time, ends: dt.time) -> Window:
        zone = self.location.zone
        begins = at_wall_or_after(date, starts, zone)
        if ends >= MIDNIGHT:
            date, ends = date + dt.timedelta(days=1), dt.time()
        return Window(begins, at_wall_or_after(date, ends, zone))


def works_at(location: Location) -> Q:
    """Who gives services at a location: who is at home there or nowhere, or has hours there."""
    own = WorkingHours.objects.filter(location=location, staff=OuterRef("pk"))
    return Q(location=location) | Q(location=None) | Q(Exists(own))


def weeks_of(location: Location, staff: Iterable[int]) -> dict[int | None, dict[int, Week]]:
    """Every week that counts for some people at a location, by person, then location's id.

    Under None the location's own opening hours. One query.
    """
    rows = WorkingHours.objects.filter(
        Q(staff=None, location=location) | Q(staff__in=list(staff), location__archived_at=None)
    )
    found: dict[int | None, dict[int, Week]] = {}
    for row in rows.order_by("starts"):
        week = found.setdefault(row.staff_id, {}).setdefault(row.location_id, {})
        week[row.weekday] = (*week.get(row.weekday, ()), (row.starts, row.ends))
    return found


def week_of(person: StaffMember, location: Location, own: dict[int, Week], opening: Week) -> Week:
    """The week that counts for somebody at a location. `own`: their own weeks, by location's id."""
    if location.pk in own:
        return own[location.pk]
    if person.location_id not in (location.pk, None):
        return {}
    elsewhere = {weekday for week in own.values() for weekday in week}
    return {weekday: times for weekday, times in opening.items() if weekday not in elsewhere}


def joined(windows: Iterable[Window]) -> list[Window]:
    """By time; those that touch or overlap become one."""
    found: list[Window] = []
    for window in sorted(windows):
        if found and window.starts_at <= found[-1].ends_at:
            last = found.pop()
            window = Window(last.starts_at, max(last.ends_at, window.ends_at))
        found.append(window)
    return found


def _without(window: Window, off: TimeOff) -> Iterator[Window]:
    if off.ends_at <= window.starts_at or off.starts_at >= window.ends_at:
        yield window
        return
    if window.starts_at < off.starts_at:
        yield Window(window.starts_at, off.starts_at)
    if off.ends_at < window.ends_at:
        yield Window(off.ends_at, window.ends_at)


def time_off_between(
    staff: Iterable[int], since: dt.datetime, until: dt.datetime
) -> QuerySet[TimeOff]:
    """The time off of some people that touches a stretch of time, by time. One query."""
    return TimeOff.objects.filter(
        staff__in=list(staff), starts_at__lt=until, ends_at__gt=since
    ).order_by("starts_at", "id")
