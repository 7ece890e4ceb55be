"""A location's days one by one: which are sealed, and what came to one after another was."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from ledger.models import Entry
from ledger.sealing import sealed_through
from salon import clock
from salon.models import Location


@dataclass(frozen=True)
class Late:
    """Entries of a day that was sealed when they came, and count on another."""

    day: dt.date
    entries: list[Entry]


def late_on(on: dt.date, place: Location) -> list[Late]:
    """What happened before this day began and counts here, by its own day. One query."""
    begins = dt.datetime.combine(on, place.day_starts_at, tzinfo=place.zone)
    rows = Entry.objects.filter(location=place, business_date=on, occurred_at__lt=begins)
    by_day: dict[dt.date, list[Entry]] = {}
    for entry in rows.order_by("id")[:200]:
        by_day.setdefault(clock.business_date(place, entry.occurred_at), []).append(entry)
    return [Late(day, entries) for day, entries in sorted(by_day.items())]


@dataclass(frozen=True)
class Day:
    """One of the days around: what it had, and its seal."""

    on: dt.date
    entries: int
    is_sealed: bool


def days_around(on: dt.date, today: dt.date, place: Location, how_many: int = 14) -> list[Day]:
    """So many days with that one among them, none of them to come. Two queries."""
    last = min(on + dt.timedelta(days=3), max(today, on))
    first = last - dt.timedelta(days=how_many - 1)
    entries = dict(
        Entry.objects.filter(location=place, business_date__range=(first, last))
        .values_list("business_date")
        .annotate(entries=Count("id"))
        .order_by()
    )
    sealed = sealed_through(place)
    return [
        Day(day, entries.get(day, 0), sealed is not None and day <= sealed)
        for day in _days(first, last)
    ]


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
