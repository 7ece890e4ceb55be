"""One day of a location's book, as Today shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value

from appointments.hours import works_at
from appointments.models import Appointment, AppointmentService
from appointments.times import day_bounds, say_time
from clients.models import SearchText
from salon import clock
from salon.models import Location, StaffMember

Status = Appointment.Status


def visits_of_day(
    location: Location, day: dt.date, *, staff_id: int | None = None, words: str = ""
) -> QuerySet[Appointment]:
    """The visits that start on a business day, by time, with client, services and staff.

    `staff_id`: only those that this staff member has a part in. `words`: each has to occur in the
    client's name, phone or e-mail; case and accents do not matter. Two queries.
    """
    visits = visits_between(location, *day_bounds(location, day), staff_id=staff_id)
    for word in words.replace("\0", "").split()[:6]:
        needle = SearchText(Value(_digits(word) or word, output_field=CharField()))
        visits = visits.filter(client__search__contains=needle)
    return visits


def visits_between(
    location: Location, since: dt.datetime, until: dt.datetime, *, staff_id: int | None = None
) -> QuerySet[Appointment]:
    """The visits that start in a stretch of time, as `visits_of_day` gives them."""
    visits = Appointment.objects.filter(
        location=location, starts_at__gte=since, starts_at__lt=until
    )
    if staff_id:
        segments = AppointmentService.objects.filter(appointment=OuterRef("pk"), staff=staff_id)
        visits = visits.filter(Exists(segments))
    return visits.select_related("client").prefetch_related("services__service", "services__staff")


def staff_of_day(location: Location, chosen: int | None) -> list[StaffMember]:
    """Who can be chosen to see only their visits: who gives services here. One query."""
    here = Q(works_at(location), is_active=True) | Q(pk=chosen)
    return list(StaffMember.objects.filter(here, is_provider=True).order_by("name", "id"))


@dataclass(frozen=True)
class Part:
    """One service of a row."""

    service: str
    staff: str
    minutes: int


@dataclass(frozen=True)
class Row:
    """A visit as a row of Today. Reads what `visits_of_day` prefetched."""

    visit: Appointment
    location: Location
    now: dt.datetime

    @cached_property
    def parts(self) -> Sequence[Part]:
        return [
            Part(part.service.name, part.staff.name, minutes_between(part.starts_at, part.ends_at))
            for part in self.visit.services.all()
        ]

    @cached_property
    def ends_at(self) -> dt.datetime:
        ends = (part.ends_at for part in self.visit.services.all())
        return max(ends, default=self.visit.starts_at)

    @property
    def time(self) -> str:
        return say_time(self.visit.starts_at, self.location.zone)

    @property
    def minutes(self) -> int:
        return minutes_between(self.visit.starts_at, self.ends_at)

    @property
    def is_over(self) -> bool:
        """Nothing is to be done about it any more."""
        return self.visit.status not in Appointment.AHEAD

    @property
    def is_late(self) -> bool:
        """Booked, begun by the clock, and not checked in."""
        return self.visit.status == Status.BOOKED and self.visit.starts_at < self.now < self.ends_at


@dataclass(frozen=True)
class Day:
    """The rows of a day and its sums."""

    day: dt.date
    today: dt.date
    rows: Sequence[Row]
    now: dt.datetime

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def before(self) -> dt.date:
        return self.day - dt.timedelta(days=1)

    @property
    def after(self) -> dt.date:
        return self.day + dt.timedelta(days=1)

    @property
    def happening(self) -> int:
        """Visits that were not canceled, missed or given up before they were paid."""
        return sum(not row.visit.is_gone for row in self.rows)

    @property
    def to_check_out(self) -> int:
        return sum(row.visit.is_open for row in self.rows)

    @property
    def iso(self) -> str:
        return self.day.isoformat()

    @property
    def visit_ids(self) -> str:
        """For the floors above, which fill in what they know: 12,15,16."""
        return ",".join(str(row.visit.pk) for row in self.rows)

    @cached_property
    def now_before(self) -> Row | None:
        """The row above which the line of the present moment runs, today only."""
        if not self.is_today or not self.rows or self.rows[0].visit.starts_at > self.now:
            return None
        return next((row for row in self.rows if row.visit.starts_at > self.now), None)


def day_of(
    location: Location, day: dt.date, *, staff_id: int | None = None, words: str = ""
) -> Day:
    """A day of the location, as of now. Two queries."""
    now = clock.now()
    visits = visits_of_day(location, day, staff_id=staff_id, words=words)
    rows = [Row(visit, location, now) for visit in visits]
    return Day(day, clock.business_date(location, now), rows, now)


def minutes_between(starts_at: dt.datetime, ends_at: dt.datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)


def _digits(word: str) -> str:
    """The digits of something that looks like a phone number; else nothing."""
    digits = "".join(character for character in word if character.isdigit())
    return digits if digits and not any(character.isalpha() for character in word) else ""
