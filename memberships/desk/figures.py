"""Recurring revenue and churn, month by month, from the periods and memberships themselves.

Recurring revenue of a day is what the periods that run on it are worth a month: a week's price
times 52 by 12, a quarter's by 3, a year's by 12. A first period that was charged in proportion
counts with its whole price. What is skipped, let go or paused brings nothing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db import connection
from djmoney.money import Money

from memberships.models import Every
from salon.money import minor, money

MONTHS = 12

_A_MONTH = {
    Every.WEEK: Fraction(52, 12),
    Every.MONTH: Fraction(1),
    Every.QUARTER: Fraction(1, 3),
    Every.YEAR: Fraction(1, 12),
}

# A period is a short first one where it has fewer days than any whole one.
_REVENUE = """
select day, p.every,
       sum(case when p.number = 0 and p.step = 0 and p.until_on - p.starts_on <
                     case p.every when 'week' then 7 when 'month' then 28
                                  when 'quarter' then 89 else 365 end
                then e.price else p.price end)
from unnest(%s::date[]) as day
join memberships_period p on p.starts_on <= day and p.until_on > day
     and p.status in ('paid', 'charging', 'past_due')
join memberships_membership m on m.id = p.membership_id
     and (m.ended_on is null or m.ended_on > day)
join memberships_enrolment e on e.id = m.enrolment_id
where %s::bigint is null or m.location_id = %s
group by day, p.every
"""

_MEMBERS = """
select day,
       count(*) filter (where m.started_on <= day and (m.ended_on is null or m.ended_on > day)),
       count(*) filter (where m.started_on between first and day),
       count(*) filter (where m.ended_on between first and day),
       count(*) filter (where m.started_on < first and (m.ended_on is null or m.ended_on >= first))
from unnest(%s::date[], %s::date[]) as month(first, day)
left join memberships_membership m on (%s::bigint is null or m.location_id = %s)
group by day
"""


@dataclass(frozen=True)
class Month:
    """One month up to `day`, its last one or today."""

    first: dt.date
    day: dt.date
    revenue: Money
    """Recurring, a month, as of `day`."""
    members: int
    joined: int
    left: int
    before: int
    """Members when it began."""

    @property
    def churn(self) -> int:
        """Of the members when it began, how many of a thousand left in it."""
        return round(1000 * self.left / self.before) if self.before else 0


def months_until(today: dt.date, location_id: int | None = None) -> list[Month]:
    """The last twelve months, the oldest first, this one as it stands today. Two queries."""
    spans = _spans(today)
    days = [day for _, day in spans]
    revenue = _revenue(days, location_id)
    found = _members([first for first, _ in spans], days, location_id)
    return [Month(first, day, revenue.get(day, money(0)), *found[day]) for first, day in spans]


def _spans(today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Each month's first day and its last; today for this one."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - dt.timedelta(days=1)).replace(day=1))
    firsts.reverse()
    lasts = [following - dt.timedelta(days=1) for following in firsts[1:]]
    return list(zip(firsts, [*lasts, today], strict=True))


def _revenue(days: Sequence[dt.date], location_id: int | None) -> dict[dt.date, Money]:
    cents: dict[dt.date, Fraction] = {}
    with connection.cursor() as cursor:
        cursor.execute(_REVENUE, [list(days), location_id, location_id])
        for day, every, price in cursor.fetchall():
            a_month = minor(Money(price, money(0).currency)) * _A_MONTH[Every(every)]
            cents[day] = cents.get(day, Fraction(0)) + a_month
    return {day: money(round(value)) for day, value in cents.items()}


def _members(
    firsts: Sequence[dt.date], days: Sequence[dt.date], location_id: int | None
) -> dict[dt.date, tuple[int, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [list(firsts), list(days), location_id, location_id])
        return {day: (members, joined, left, before)
                for day, members, joined, left, before in cursor.fetchall()}  # fmt: skip
