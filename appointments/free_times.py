"""When the services of a visit could start, and with whom.

    free_times(location=midtown, services=[(cut, maya), (color, None)], first=…, last=…, every=15)
    # {Tue: [Slot(9:00, (maya, maya)), Slot(9:15, (maya, theo)), …], Wed: [], …}

A start is offered when each service fits, one after another, into what its person has free that
day: their hours (hours.py) without time off and without what the book has already, with what a
service keeps free before and after it. Preparing and cleaning up are work, and lie within hours.

Starts stand on a grid of `every` minutes from the beginning of each stretch of hours of whoever
gives the first service. Where that is a person who was asked for, the moment at which a visit or
time off of theirs ends is offered too, when it is on the five minutes: a new visit then leaves no
gap behind the one before. For anyone the grid alone is offered: the moments of twenty people would
be a start every five minutes.

The search works on whole minutes since 1970, not on rows and moments: a month of twenty people with
thousands of visits is found in a fraction of a second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from appointments.free_days import FreeDays, days_between
from appointments.free_search import Stint, Wish
from appointments.hours import works_at
from appointments.models import Appointment, AppointmentService
from salon import clock
from salon.models import Location, Service, StaffMember
from salon.terms import TermsBook

MOST_DAYS = 62
"""So many days are looked at in one call: two months on a page."""


@dataclass(frozen=True)
class Slot:
    """A start (UTC) that is free. `staff`: who gives each service, in the order of the services."""

    starts_at: dt.datetime
    staff: tuple[StaffMember, ...]


def free_times(
    *,
    location: Location,
    services: Sequence[tuple[Service, StaffMember | None]],
    first: dt.date,
    last: dt.date,
    every: int,
    not_before: dt.datetime | None = None,
    online: bool = False,
    apart_from: Appointment | None = None,
) -> dict[dt.date, list[Slot]]:
    """The free starts of each business day from `first` to `last`, both included; [] for none.

    `services`: each with who is to give it, or None for anyone who does: one person for the whole
    visit where that is possible, the least busy that day first. `every`: minutes between starts.
    `not_before`: no start before that moment. `online`: only services and people that clients may
    book. `apart_from`: a visit that is about to move; what it takes is free for it.

    Six queries, whatever the number of days, people and visits. ValueError for more than MOST_DAYS.
    """
    days = days_between(first, last)
    if len(days) > MOST_DAYS:
        raise ValueError(f"{len(days)} days are too many to look at in one go")
    people, wishes = _wishes(location, services, online)
    if not days or not wishes or not all(wish.stints for wish in wishes):
        return {day: [] for day in days}
    able = {pk: people[pk] for wish in wishes for pk in wish.stints}
    book = FreeDays(location, able.values(), days, apart_from=apart_from)
    return {
        day: [
            Slot(starts_at, tuple(able[pk] for pk in chosen))
            for starts_at, chosen in book.starts(day, wishes, every, not_before)
        ]
        for day in days
    }


def next_starts(
    visit: Appointment,
    rows: Sequence[AppointmentService],
    *,
    most: int = 3,
    every: int = 30,
    within: int = 7,
) -> list[dt.datetime]:
    """The next starts at which a visit fits as it is laid out in `rows`, from their own on.

    Within the working hours of its staff, on that business day and the `within` days after it.
    Where none of them has hours that day (overtime, a shop without hours): at any hour that day.
    Three queries.
    """
    first, soonest = clock.business_date(visit.location, rows[0].starts_at), rows[0].starts_at
    days = days_between(first, first + dt.timedelta(days=within))
    wishes = [Wish({row.staff_id: Stint.of(row)}) for row in rows]
    people = {row.staff_id: row.staff for row in rows}
    book = FreeDays(visit.location, people.values(), days, apart_from=visit)
    starts = (start for day in days for start, _ in book.starts(day, wishes, every, soonest))
    found = list(islice(starts, most))
    if not found and not book.has_hours(first):
        anyhow = book.starts(first, wishes, every, soonest, at_any_hour=True)
        found = [start for start, _ in islice(anyhow, most)]
    return found


def _wishes(
    location: Location,
    services: Sequence[tuple[Service, StaffMember | None]],
    online: bool,
) -> tuple[dict[int, StaffMember], list[Wish]]:
    """Who could give each service, and how long it takes them. Three queries."""
    asked = [service for service, _ in services]
    people = {
        person.pk: person
        for person in StaffMember.objects.filter(
            works_at(location), is_active=True, is_provider=True
        ).order_by("name", "id")
        if person.books_online or not online
    }
    givers: dict[int, set[int]] = {}
    for service_id, staff_id in Service.staff.through.objects.filter(
        service__in={service.pk for service in asked}
    ).values_list("service_id", "staffmember_id"):
        givers.setdefault(service_id, set()).add(staff_id)
    terms = TermsBook.at(location, asked)
    wishes = []
    for service, staff in services:
        offered = not service.is_archived and (service.books_online or not online)
        able = [
            person
            for pk, person in people.items()
            if offered and pk in givers.get(service.pk, {pk}) and (staff is None or staff.pk == pk)
        ]
        stints = {
            person.pk: Stint(
                service.buffer_before,
                terms.terms(service, location, person).minutes,
                service.buffer_after,
            )
            for person in able
        }
        wishes.append(Wish(stints, by_anyone=staff is None))
    return people, wishes
