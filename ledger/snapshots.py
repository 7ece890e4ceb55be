"""Period snapshots: day sums kept up to a mark, so that reports read few rows.

Nothing depends on how old they are (ledger/sums.py). They are made in two steps, each in a
transaction of its own: first the horizon, under a lock that posting waits for, for an instant; then
the sums up to there, which takes as long as it takes and hinders nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from ledger.errors import LedgerError
from ledger.models import DaySum
from ledger.sums import COLUMNS

TRIES = 5
"""How often the lock is asked for, two seconds each, while somebody goes on posting."""

_SUMMED = ["currency", *sorted(COLUMNS)]
# The same rows with the same amounts on both sides, or they are named.
_DIFFERENCES = f"""
    with made as (
        select {", ".join(_SUMMED)}, sum(amount) as amount, count(*) as postings
        from ledger_movement
        where entry_id <= coalesce((select through from ledger_snapshot where id = 1), 0)
        group by {", ".join(_SUMMED)}
    ), kept as (select {", ".join(_SUMMED)}, amount, postings from ledger_daysum)
    select 'kept' as side, kept.* from (select * from kept except all select * from made) as kept
    union all
    select 'made' as side, made.* from (select * from made except all select * from kept) as made
    order by business_date, kind, flow, side
"""  # nosec B608 - names of columns


_SIDES = {"kept": "kept, not in the postings", "made": "in the postings, not kept"}


class SnapshotRefused(LedgerError):
    """The sums are as they were; reports stay right, and slower."""


@dataclass(frozen=True)
class Made:
    """Which entries were added up: those after `before`, up to `through`."""

    before: int
    through: int


def horizon() -> int:
    """The last entry's id, when none below it can still come. Locks every till out for an instant.

    Waits for those who are posting, ten seconds at most; then raises SnapshotRefused. Where it is
    called inside a transaction the lock stays until that ends.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _call("select ledger_horizon()")
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != "55P03":
                raise
    raise SnapshotRefused(
        "Something is being posted all the time. Nothing was summed up: do it again in a minute."
    )


def advance() -> Made:
    """Sum up what was posted since the last time. Any number of times, and several at once."""
    through = horizon()
    return Made(_call("select ledger_advance_snapshot(%s)", through), through)


def rebuild() -> Made:
    """Throw the day sums away and sum up every entry anew."""
    through = horizon()
    _call("select ledger_rebuild_snapshot(%s)", through)
    return Made(0, through)


def prove() -> Iterator[str]:
    """Recompute every day sum from the postings, and name each that differs. One query.

    None named: the sums are what the postings up to the mark make, to the last cent and posting.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES)
        for side, *row in cursor.fetchall():
            yield _said(side, dict(zip([*_SUMMED, "amount", "postings"], row, strict=True)))


def kept() -> int:
    """How many day sums there are."""
    return DaySum.objects.count()


def _said(side: str, row: dict[str, object]) -> str:
    what = ", ".join(f"{name} {value}" for name, value in row.items() if value not in (None, ""))
    return f"{_SIDES[side]}: {what}"


def _call(statement: str, *parameters: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]
