"""What Manage > Hours shows of a location: its week, everybody's week, and who is off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from appointments.hours import Week, weeks_of, works_at
from appointments.models import TimeOff
from appointments.times import say_span
from appointments.weeks import say_week
from salon.models import Location, StaffMember

AT_MOST = 200
"""Rows of time off: more than any salon plans ahead."""


@dataclass(frozen=True)
class Person:
    """Somebody who gives services, and how their week here reads."""

    staff: StaffMember
    own: Week
    follows: bool
    """Works whenever the location is open; else, without own hours, not here."""
    elsewhere: list[str]
    """Days of the week with own hours at other locations."""

    @property
    def week(self) -> list[tuple[str, str]]:
        return say_week(self.own)


@dataclass(frozen=True)
class Off:
    """One time off as its row reads."""

    row: TimeOff
    when: str


@dataclass(frozen=True)
class HoursPage:
    location: Location
    opening: Week
    here: list[Person]
    others: list[Person]
    """Who works at other locations alone: they may be given hours here."""
    off: list[Off]

    @property
    def week(self) -> list[tuple[str, str]]:
        return say_week(self.opening)


def hours_page(location: Location, now: dt.datetime) -> HoursPage:
    """Three queries: people, hours, time off that is not over."""
    people = list(providers().select_related("location"))
    weeks = weeks_of(location, [person.pk for person in people])
    rows = [_person(person, location, weeks.get(person.pk, {})) for person in people]
    here = [row for row in rows if row.own or row.follows]
    off = TimeOff.objects.filter(
        staff__in=[row.staff.pk for row in here], ends_at__gt=now
    ).select_related("staff")
    return HoursPage(
        location=location,
        opening=weeks.get(None, {}).get(location.pk, {}),
        here=here,
        others=[row for row in rows if row not in here],
        off=[
            Off(row, say_span(row.starts_at, row.ends_at, location.zone))
            for row in off.order_by("starts_at", "id")[:AT_MOST]
        ],
    )


def providers(location: Location | None = None) -> QuerySet[StaffMember]:
    """Who gives services, by name; with a location, there."""
    here = works_at(location) if location else Q()
    return StaffMember.objects.filter(here, is_active=True, is_provider=True).order_by("name", "id")


def _person(person: StaffMember, location: Location, weeks: dict[int, Week]) -> Person:
    days = sorted({day for pk, week in weeks.items() if pk != location.pk for day in week})
    return Person(
        staff=person,
        own=weeks.get(location.pk, {}),
        follows=person.location_id in (location.pk, None),
        elsewhere=[DAYS[day] for day in days],
    )


DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
