"""What people have free on business days, in whole minutes since 1970: behind free_times.py."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import BigIntegerField, Func

from appointments.free_search import Free, Search, Span, Wish
from appointments.hours import Hours, Window
from appointments.models import Appointment, AppointmentService, TsTzRange
from appointments.times import day_bounds
from salon.models import Location, StaffMember


class _FloorMinute(Func):
    template = "floor(extract(epoch from %(expressions)s) / 60)::bigint"
    output_field = BigIntegerField()


class _CeilMinute(_FloorMinute):
    template = "ceil(extract(epoch from %(expressions)s) / 60)::bigint"


class FreeDays:
    """What some people have free at a location on some business days.

    Three queries when made: hours, time off, and what the book has; none later.
    """

    def __init__(
        self,
        location: Location,
        staff: Iterable[StaffMember],
        days: Sequence[dt.date],
        *,
        apart_from: Appointment | None = None,
    ) -> None:
        self._location, self._staff = location, list(staff)
        self._hours = Hours(location, self._staff, days[0], days[-1])
        bounds = day_bounds(location, days[0])[0], day_bounds(location, days[-1])[1]
        self._taken = _taken(self._staff, *bounds, apart_from)

    def has_hours(self, day: dt.date) -> bool:
        """Whether any of the people works on that day."""
        return any(self._hours.of(person, day) for person in self._staff)

    def starts(
        self,
        day: dt.date,
        wishes: Sequence[Wish],
        every: int,
        not_before: dt.datetime | None = None,
        *,
        at_any_hour: bool = False,
    ) -> Iterator[tuple[dt.datetime, tuple[int, ...]]]:
        """The free starts of a day by time, each with who gives which service.

        `at_any_hour`: as if everybody worked from `not_before` until the business day ends.
        """
        since, until = day_bounds(self._location, day)
        whole = [Window(not_before or since, until)] if at_any_hour else None
        free = {
            person.pk: found
            for person in self._staff
            if (found := self._free(person, day, whole or self._hours.of(person, day))).starts
        }
        search = Search(wishes, free)
        earliest = minute(not_before, up=True) if not_before else 0
        for start in search.candidates(every):
            chosen = search.staff_at(start) if start >= earliest else None
            if chosen is not None:
                yield dt.datetime.fromtimestamp(start * 60, dt.UTC), chosen

    def _free(self, person: StaffMember, day: dt.date, windows: list[Window]) -> Free:
        found = Free([(minute(w.starts_at, up=True), minute(w.ends_at)) for w in windows])
        if not windows:
            return found
        taken = self._taken_on(person, day)
        found.load = sum(until - since for since, until in taken)
        off = (
            (minute(o.starts_at), minute(o.ends_at, up=True)) for o in self._hours.off(person, day)
        )
        for since, until in _without(found.work, sorted([*taken, *off])):
            found.starts.append(since)
            found.ends.append(until)
        return found

    def _taken_on(self, person: StaffMember, day: dt.date) -> list[Span]:
        """What the book has of somebody on a day; those spans do not overlap, so both ends rise."""
        spans, ends = self._taken.get(person.pk, ([], []))
        since, until = map(minute, day_bounds(self._location, day))
        return spans[bisect_right(ends, since) : bisect_left(spans, (until, 0))]


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from the first to the last, both included."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def minute(moment: dt.datetime, *, up: bool = False) -> int:
    """Whole minutes since 1970; `up`: a part of a minute counts as one."""
    seconds = int(moment.timestamp())
    return -(-seconds // 60) if up else seconds // 60


def _taken(
    staff: Sequence[StaffMember],
    since: dt.datetime,
    until: dt.datetime,
    apart_from: Appointment | None,
) -> dict[int, tuple[list[Span], list[int]]]:
    """What the book has of each of some people, wherever, by time: spans, and their ends again.

    One query, which the exclusion constraint's index answers; Postgres makes the minutes.
    """
    rows = AppointmentService.objects.filter(occupies=True, staff__in=[p.pk for p in staff])
    if apart_from is not None and apart_from.pk:
        rows = rows.exclude(appointment=apart_from.pk)
    rows = rows.annotate(busy=TsTzRange("busy_from", "busy_until")).filter(
        busy__overlap=(since, until)
    )
    found: dict[int, tuple[list[Span], list[int]]] = {}
    for pk, start, end in rows.order_by("staff_id", "busy_from").values_list(
        "staff_id", _FloorMinute("busy_from"), _CeilMinute("busy_until")
    ):
        spans, ends = found.setdefault(pk, ([], []))
        spans.append((start, end))
        ends.append(end)
    return found


def _without(work: Sequence[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """What is left of some spans without others; both by time, those taken may overlap."""
    for since, until in work:
        for start, end in taken:
            if end <= since or start >= until:
                continue
            if start > since:
                yield since, start
            since = max(since, end)
        if since < until:
            yield since, until
