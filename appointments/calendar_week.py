"""A week of one person: one column a day, from Monday."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from appointments.calendar import Board
from appointments.calendar_away import Absences
from appointments.calendar_columns import Columns, shown_hours
from appointments.calendar_day import happening, is_set
from appointments.day import visits_between
from appointments.hours import Hours
from appointments.models import Appointment
from appointments.times import day_bounds
from salon import clock
from salon.models import Location, StaffMember


def days_of_week(day: dt.date) -> list[dt.date]:
    """The seven days of the week that `day` is in, from Monday."""
    monday = day - dt.timedelta(days=day.weekday())
    return [monday + dt.timedelta(days=step) for step in range(7)]


def board_of_week(
    location: Location, person: StaffMember, day: dt.date, *, with_gone: bool = False
) -> Board:
    """The week of this person at this location.

    Seven queries: visits, their services, those services' names and staff, hours, time off, visits
    at other locations.
    """
    days = days_of_week(day)
    since, until = day_bounds(location, days[0])[0], day_bounds(location, days[-1])[1]
    found = visits_between(location, since, until, staff_id=person.pk)
    visits = happening(found, with_gone=with_gone)
    by_day: dict[dt.date, list[Appointment]] = {}
    for visit in visits:
        by_day.setdefault(clock.business_date(location, visit.starts_at), []).append(visit)
    hours = Hours(location, [person], days[0], days[-1])
    has_hours = is_set(hours, day)
    absences = Absences(location, [person], hours, days[0], days[-1])
    columns = Columns(location, hours if has_hours else None, absences, clock.now())
    axes = shown_hours(location, days, [person], hours, visits)
    return Board(
        location=location,
        columns=[
            columns.column(
                person, one, axes[one], by_day.get(one, []), title=_title(one), url=_day(one)
            )
            for one in days
        ],
        visits=visits,
        now=columns.now,
        has_hours=has_hours,
    )


def _title(day: dt.date) -> str:
    return f"{day:%a} {day.day}"


def _day(day: dt.date) -> str:
    return f"{reverse('appointments:book')}?date={day}"
