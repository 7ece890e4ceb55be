"""What was owed at the end of each of the last months: for a drawing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ledger.kinds import AccountKind
from ledger.sums import sums
from salon.models import Location

MONTHS = 12


@dataclass(frozen=True)
class Point:
    """What clients' credit stood at as of the end of a day, in minor units."""

    day: dt.date
    owed: int


def month_ends(end: dt.date, how_many: int = MONTHS) -> list[dt.date]:
    """The last days of so many months, the last one cut off at `end`."""
    firsts = [end.replace(day=1)]
    while len(firsts) < how_many:
        firsts.append((firsts[-1] - dt.timedelta(days=1)).replace(day=1))
    return [*(first - dt.timedelta(days=1) for first in reversed(firsts[:-1])), end]


def history(end: dt.date, place: Location | None = None) -> list[Point]:
    """Twelve points, the last one as of `end`. `place`: of what it sold. Two queries."""
    sold_at: dict[str, Any] = {"sold_at_id": place.pk} if place else {}
    kind = AccountKind.CLIENT_CREDIT.value
    rows = sums(end=end, by=["business_date"], kind=kind, **sold_at)
    return [
        Point(day, -sum(row["amount"] for row in rows if row["business_date"] <= day))
        for day in month_ends(end)
    ]
