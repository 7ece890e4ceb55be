"""The days and the times of day at which a booking could start, as its page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import get_format

from appointments.free_times import Slot
from appointments.times import say_time
from deposits.booking.offered import bookable_day, free_online
from deposits.booking.steps import Walk, stamp
from salon import clock, said
from salon.addresses import YEARS

WEEKS = 4
"""Shown at once, and reckoned at once."""
NOON, EVENING = dt.time(12), dt.time(17)


@dataclass(frozen=True)
class Day:
    """One square of the calendar. `times`: how many starts are free."""

    date: dt.date
    times: int
    is_chosen: bool
    is_today: bool

    @property
    def words(self) -> str:
        """Read aloud: Tue, Nov 24, 12 times."""
        if not self.times:
            return f"{self.date:%a}, {self.date:%b} {self.date.day}, no times"
        many = "1 time" if self.times == 1 else f"{self.times} times"
        return f"{self.date:%A}, {self.date:%B} {self.date.day}, {many}"


@dataclass(frozen=True)
class Start:
    """One time to press. `value` says when and with whom."""

    value: str
    words: str
    whom: str


class Calendar:
    """Four weeks of days, and the times of the chosen one, or else of the first that has any.

    `page`: how many times four weeks ahead. Days are the location's business days. As many queries
    as `free_times`, in one go.
    """

    def __init__(self, walk: Walk, day: dt.date | None = None, page: int = 0) -> None:
        self.walk, self.shop = walk, walk.shop
        location = walk.shop.location
        self.today = clock.business_date(location)
        self.last = self.today + dt.timedelta(days=walk.shop.settings.latest_days)
        begins = _first_of_week(self.today)
        if day is not None:
            page = max(0, (day - begins).days // (7 * WEEKS))
        self.page = min(page, (self.last - begins).days // (7 * WEEKS))
        self.first = begins + dt.timedelta(weeks=WEEKS * self.page)
        since = max(self.first, self.today)
        until = min(self.first + dt.timedelta(days=7 * WEEKS - 1), self.last)
        self.slots = self._free(since, until)
        self.day = day or next((date for date in sorted(self.slots) if self.slots[date]), None)

    @property
    def heading(self) -> str:
        """November 2026; November to December 2026."""
        ends = self.first + dt.timedelta(days=7 * WEEKS - 1)
        if (self.first.year, self.first.month) == (ends.year, ends.month):
            return f"{ends:%B %Y}"
        since = f"{self.first:%B}" if self.first.year == ends.year else f"{self.first:%B %Y}"
        return f"{since} – {ends:%B %Y}"

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        days = [self.first + dt.timedelta(days=ahead) for ahead in range(7)]
        return [(f"{day:%a}", f"{day:%A}") for day in days]

    @cached_property
    def weeks(self) -> list[list[Day | None]]:
        """None where a day is past, or further ahead than may be booked."""
        return [
            [self._square(self.first + dt.timedelta(weeks=week, days=day)) for day in range(7)]
            for week in range(WEEKS)
        ]

    @cached_property
    def groups(self) -> list[tuple[str, list[Start]]]:
        """Morning, afternoon, evening of the chosen day; only those with times."""
        slots = self.slots.get(self.day, []) if self.day else []
        parts = groupby(
            slots, key=lambda slot: part_of_day(timezone.localtime(slot.starts_at).time())
        )
        return [(name, [self._start(slot) for slot in part]) for name, part in parts]

    @property
    def day_said(self) -> str:
        return said.day(self.day, self.today) if self.day else ""

    @property
    def next_free(self) -> tuple[dt.date, str] | None:
        """Where the chosen day is full: the next day with times, and its first time in words."""
        if self.day is None or self.groups:
            return None
        for date in sorted(self.slots):
            if date > self.day and self.slots[date]:
                first = say_time(self.slots[date][0].starts_at, self.shop.location.zone)
                return date, f"{said.day(date, self.today)}, {first}"
        return None

    @property
    def has_times(self) -> bool:
        return any(self.slots.values())

    @property
    def later(self) -> int | None:
        """The page with the next four weeks, if any of it may be booked."""
        return self.page + 1 if self.first + dt.timedelta(weeks=WEEKS) <= self.last else None

    @property
    def earlier(self) -> int | None:
        return self.page - 1 if self.page else None

    def _free(self, since: dt.date, until: dt.date) -> Mapping[dt.date, list[Slot]]:
        if until < since:
            return {}
        return free_online(self.shop.location, self.shop.settings, self.walk.wishes, since, until)

    def _square(self, date: dt.date) -> Day | None:
        if not self.today <= date <= self.last:
            return None
        times = len(self.slots.get(date, []))
        return Day(date, times, date == self.day, date == self.today)

    def _start(self, slot: Slot) -> Start:
        whom = ", ".join(dict.fromkeys(str(one) for one in slot.staff))
        return Start(
            stamp(slot.starts_at, slot.staff),
            say_time(slot.starts_at, self.shop.location.zone),
            whom if self.walk.asked_for_anyone else "",
        )


def slot_at(walk: Walk) -> Slot | None:
    """The free slot at the walk's time for whom was asked; None where it is taken."""
    if walk.at is None:
        return None
    shop = walk.shop
    date = bookable_day(shop.location, shop.settings, walk.at)
    if date is None:
        return None
    slots = free_online(shop.location, shop.settings, walk.wishes, date, date).get(date, [])
    return next((slot for slot in slots if slot.starts_at == walk.at), None)


def day_of(said: QueryDict) -> dt.date | None:
    """The day that a page was asked for."""
    try:
        day = dt.date.fromisoformat(said.get("day", ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def page_of(said: QueryDict) -> int:
    text = said.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0


def _first_of_week(day: dt.date) -> dt.date:
    """The first day of its week, as people count here."""
    sunday_is_0 = day.isoweekday() % 7
    return day - dt.timedelta(days=(sunday_is_0 - int(get_format("FIRST_DAY_OF_WEEK"))) % 7)


def part_of_day(time: dt.time) -> str:
    """Morning, Afternoon, Evening; Night."""
    if time < NOON:
        # The hours after midnight still belong to the business day before.
        return "Morning" if time >= dt.time(4) else "Night"
    return "Afternoon" if time < EVENING else "Evening"
