"""A week of hours in words, for the page, and for the record of changed settings."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from appointments.hours import MIDNIGHT, Times, Week
from appointments.models import WorkingHours
from salon import said

SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def say_times(times: Times) -> str:
    """9:00 am to 1:00 pm, 2:00 pm to 7:00 pm; closed."""
    told = [f"{said.clock_time(starts)} to {_end(ends)}" for starts, ends in times]
    return ", ".join(told) or "closed"


def say_week(week: Week) -> list[tuple[str, str]]:
    """Days of the same hours together: [("Mon to Fri", "9:00 am to 7:00 pm"), …]."""
    days = [(day, say_times(week.get(day, ()))) for day in range(7)]
    found = []
    for told, group in groupby(days, key=lambda pair: pair[1]):
        names = [SHORT[day] for day, _ in group]
        found.append((names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}", told))
    return found


def stand_of(week: Week) -> dict[str, str]:
    """Every day by its name, for the record."""
    return {str(day.label): say_times(week.get(day, ())) for day in WorkingHours.Weekday}


def _end(time: dt.time) -> str:
    return "midnight" if time >= MIDNIGHT else said.clock_time(time)
