"""A day of the book: one column for each person who works then or has visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from appointments.calendar import Board
from appointments.calendar_away import Absences
from appointments.calendar_columns import Columns, shown_hours
from appointments.day import visits_of_day
from appointments.hours import Hours
from appointments.models import Appointment
from salon import clock
from salon.models import Location, StaffMember


def board_of_day(
    location: Location,
    day: dt.date,
    *,
    staff_id: int | None = None,
    with_gone: bool = False,
) -> Board:
    """A business day of a location. `with_gone`: also what was canceled or never came.

    Seven queries, however many people and visits: visits, their services, those services' names
    and staff, all staff, hours, time off, visits at other locations.
    """
    visits = happening(visits_of_day(location, day), with_gone=with_gone)
    busy = {part.staff_id for visit in visits for part in visit.services.all()}
    staff = _staff(busy)
    hours = Hours(location, staff, day)
    has_hours = is_set(hours, day)
    people = [
        person
        for person in staff
        if person.pk in busy or _works(person, location, day, hours if has_hours else None)
    ]
    chosen = [person for person in staff if person.pk == staff_id] if staff_id else people
    if staff_id:
        visits = [visit for visit in visits if _has_part(visit, staff_id)]
    absences = Absences(location, chosen, hours, day, day)
    columns = Columns(location, hours if has_hours else None, absences, clock.now())
    axis = shown_hours(location, [day], chosen, hours, visits)[day]
    return Board(
        location=location,
        columns=[
            columns.column(one, day, axis, visits, title=one.name, url=_week(one, day))
            for one in chosen
        ],
        visits=visits,
        now=columns.now,
        has_hours=has_hours,
        people=people,
    )


def happening(visits: Iterable[Appointment], *, with_gone: bool) -> list[Appointment]:
    """Those that happen, or all of them."""
    return [visit for visit in visits if with_gone or not visit.is_gone]


def is_set(hours: Hours, day: dt.date) -> bool:
    """Whether anybody has said when the location is open, on whichever day of the week."""
    return any(hours.opening(day + dt.timedelta(days=step)) for step in range(7))


def _staff(busy: set[int]) -> list[StaffMember]:
    """Providers, and who has a part in a visit though they are none any more. One query."""
    return [
        person
        for person in StaffMember.objects.order_by("name", "id")
        if person.pk in busy or (person.is_active and person.is_provider)
    ]


def _works(person: StaffMember, location: Location, day: dt.date, hours: Hours | None) -> bool:
    if hours is None:
        return person.location_id in (location.pk, None)
    return bool(hours.of(person, day))


def _has_part(visit: Appointment, staff_id: int) -> bool:
    return any(part.staff_id == staff_id for part in visit.services.all())


def _week(person: StaffMember, day: dt.date) -> str:
    return f"{reverse('appointments:book_week')}?staff={person.pk}&date={day}"
