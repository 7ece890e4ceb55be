"""Choosing another time for a visit: two weeks at once, then a day of them, then a start."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from appointments.free_times import Slot
from appointments.times import say_time
from deposits.booking.times import part_of_day
from deposits.models import BookingSettings
from deposits.own.moving import free_for, last_day
from deposits.own.visit import OwnVisit
from salon import clock, said

WINDOW = 14
"""Days that are shown at once."""


@dataclass(frozen=True)
class Time:
    """One free start: "3:15 pm", and with whom."""

    slot: Slot
    said: str

    @property
    def key(self) -> str:
        """As it stands in addresses and forms: the moment, in UTC."""
        return f"{self.slot.starts_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def staff_key(self) -> str:
        return ".".join(str(person.pk) for person in self.slot.staff)

    @property
    def whom(self) -> str:
        """Maya; Maya and Theo."""
        return said.listed(dict.fromkeys(str(person) for person in self.slot.staff))


@dataclass(frozen=True)
class Day:
    """A day of the two weeks, and its free times by part of the day."""

    date: dt.date
    parts: list[tuple[str, list[Time]]]

    @property
    def is_free(self) -> bool:
        return bool(self.parts)

    @property
    def count(self) -> int:
        return sum(len(times) for _, times in self.parts)


class TimesPage:
    """What can be chosen from `start` on (today at the earliest), for the same people or anyone.

    The queries of `free_for` and `last_day`, and one, once.
    """

    def __init__(
        self,
        facts: OwnVisit,
        *,
        start: dt.date | None = None,
        day: dt.date | None = None,
        anyone: bool = False,
        window: int = WINDOW,
    ) -> None:
        self.facts, self.anyone, self.now = facts, anyone, clock.now()
        self.today = clock.business_date(facts.location, self.now)
        self.first = max(start or self.today, self.today)
        settings = BookingSettings.current()
        self.end = last_day(facts, settings, self.now)
        last = min(self.first + dt.timedelta(days=window - 1), self.end)
        free = free_for(facts, settings, first=self.first, last=last, anyone=anyone, at=self.now)
        self.days = [Day(date, self._parts(slots)) for date, slots in sorted(free.items())]
        self.chosen = self._choose(day)

    @property
    def earlier(self) -> dt.date | None:
        """Where the two weeks before begin; None where these are the first."""
        before = max(self.first - dt.timedelta(days=WINDOW), self.today)
        return before if before < self.first else None

    @property
    def later(self) -> dt.date | None:
        """Where the next two weeks begin; None past the last day that it may go to."""
        after = self.first + dt.timedelta(days=WINDOW)
        return after if after <= self.end else None

    def time_at(self, moment: dt.datetime | None) -> Time | None:
        """The free time that starts then, if it is among these days'."""
        times = (time for day in self.days for _, part in day.parts for time in part)
        return next((time for time in times if time.slot.starts_at == moment), None)

    def _choose(self, wanted: dt.date | None) -> Day | None:
        """The day that was asked for, else the first with a free time."""
        asked = next((day for day in self.days if day.date == wanted), None)
        return asked or next((day for day in self.days if day.is_free), None)

    def _parts(self, slots: list[Slot]) -> list[tuple[str, list[Time]]]:
        zone = self.facts.location.zone
        parts = groupby(slots, key=lambda slot: part_of_day(slot.starts_at.astimezone(zone).time()))
        return [
            (name, [Time(slot, say_time(slot.starts_at, zone)) for slot in part])
            for name, part in parts
        ]


def day_around(facts: OwnVisit, moment: dt.datetime, *, anyone: bool) -> TimesPage:
    """The page with the one business day that this moment belongs to."""
    day = clock.business_date(facts.location, moment)
    return TimesPage(facts, start=day, day=day, anyone=anyone, window=1)
