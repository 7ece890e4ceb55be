"""When billing periods begin: weeks, months on a day, quarters, years. Days, no clock, no queries.

A month that is too short moves a charge to its last day, and only that charge: who is charged on
the 31st is charged on Feb 28 and then on Mar 31.
"""

import calendar
import datetime as dt
from dataclasses import dataclass

from djmoney.money import Money

from memberships.models.plans import Every
from salon.money import minor, money

_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


@dataclass(frozen=True)
class Schedule:
    """Where a membership's periods begin: number `number` on `on`, the others from there."""

    every: str
    on: dt.date
    number: int = 0
    billing_day: int | None = None
    """Day of the month, where it is not that of `on`."""

    def start_of(self, number: int) -> dt.date:
        """The first day of this period; also of periods before the anchor."""
        return step(self.on, self.every, number - self.number, self.billing_day)


@dataclass(frozen=True)
class First:
    """The first period: its days, and what part of a whole one it is."""

    starts_on: dt.date
    until_on: dt.date
    days: int
    of_days: int

    def part(self, amount: Money) -> Money:
        """Of a whole period's amount what this one costs or adds; never rounded to nothing."""
        return part_of(amount, self.days, self.of_days)


def step(on: dt.date, every: str, count: int, billing_day: int | None = None) -> dt.date:
    """So many periods after (or before) `on`."""
    if every == Every.WEEK:
        return on + dt.timedelta(weeks=count)
    month = on.year * 12 + on.month - 1 + _MONTHS[Every(every)] * count
    return _in_month(month // 12, month % 12 + 1, billing_day or on.day)


def first_period(starts_on: dt.date, every: str, billing_day: int | None = None) -> First:
    """The first period from this day on: a whole one, or the part until the next billing day."""
    if every == Every.WEEK or billing_day is None:
        until = step(starts_on, every, 1)
        return First(starts_on, until, 1, 1)
    if starts_on == _in_month(starts_on.year, starts_on.month, billing_day):
        return First(starts_on, step(starts_on, every, 1, billing_day), 1, 1)
    until = _in_month(starts_on.year, starts_on.month, billing_day)
    if until < starts_on:
        until = step(starts_on, Every.MONTH, 1, billing_day)
    whole = (until - step(until, every, -1, billing_day)).days
    return First(starts_on, until, (until - starts_on).days, whole)


def part_of(amount: Money, days: int, of_days: int) -> Money:
    """`amount` for so many of its days, rounded half up; a cent at least, nothing of nothing."""
    cents = minor(amount)
    part = (2 * cents * days + of_days) // (2 * of_days)
    return money(max(part, min(cents, 1)))


def _in_month(year: int, month: int, day: int) -> dt.date:
    """That day of the month, or its last one."""
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))
