"""Why somebody is not to be had though they work: time off, and visits at other locations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from appointments.calendar import Span
from appointments.hours import Hours
from appointments.models import AppointmentService
from appointments.times import day_bounds
from salon.models import Location, StaffMember


@dataclass(frozen=True)
class Away:
    """A stretch in which somebody takes no visits here, and why."""

    span: Span
    why: str


class Absences:
    """The absences of some people between two business days, both included. One query when made."""

    def __init__(
        self,
        location: Location,
        people: Iterable[StaffMember],
        hours: Hours,
        first: dt.date,
        last: dt.date,
    ) -> None:
        self.hours = hours
        since, until = day_bounds(location, first)[0], day_bounds(location, last)[1]
        rows = AppointmentService.objects.filter(
            staff__in=[person.pk for person in people],
            occupies=True,
            busy_from__lt=until,
            busy_until__gt=since,
        ).exclude(appointment__location=location)
        self._elsewhere: dict[int, list[Away]] = {}
        for row in rows.select_related("appointment__location"):
            away = Away(Span(row.busy_from, row.busy_until), f"At {row.appointment.location}")
            self._elsewhere.setdefault(row.staff_id, []).append(away)

    def of(self, person: StaffMember, day: dt.date) -> list[Away]:
        """What keeps them from visits on a day; visits elsewhere are those of all the days."""
        off = [
            Away(Span(row.starts_at, row.ends_at), row.reason or "Time off")
            for row in self.hours.off(person, day)
        ]
        return off + self._elsewhere.get(person.pk, [])
