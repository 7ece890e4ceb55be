"""What the books moved, added up by what a report asks: from day sums, and what came after them.

    sums(end=day, by=["kind"])                          what every kind stands at
    sums(end=day, start=first, by=["flow", "source"], kind="client_credit", sold_at_id=3)

Right however old the snapshot is (ledger/snapshots.py): it only makes this faster.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from salon.money import currency as house_currency

COLUMNS = frozenset(
    {
        "business_date",
        "kind",
        "account_id",
        "flow",
        "source",
        "is_paid",
        "is_held",
        "holder_id",
        "sold_at_id",
        "location_id",
    }
)
"""What can be summed up by, and filtered by: the columns of `ledger_movement`."""

_QUERY = sql.SQL("""
    select {by} sum(amount)::bigint as amount, sum(postings)::bigint as postings
    from (
        select {columns} amount, postings from ledger_daysum where {days}
        union all
        select {columns} amount, 1 from ledger_movement
        where entry_id > %(known)s and bound_id > %(known)s and {days}
          and entry_id > coalesce((select through from ledger_snapshot where id = 1), 0)
    ) as moved
    {grouped}
""")


def sums(
    *,
    end: dt.date | None,
    start: dt.date | None = None,
    by: Collection[str] = ("kind",),
    currency: str | None = None,
    parted_at: dt.date | None = None,
    **filters: Any,
) -> list[dict[str, Any]]:
    """One dict for each set of `by`, with these and `amount` (minor units, debit positive) and
    `postings`. Sets that add up to zero are among them.

    From the beginning of `start` (of the books, where it is None) to the end of `end`: business
    dates. `parted_at` parts each set in two by `is_before`: what moved before that day, and since.
    Filters by column: a value, None for none, or a list of values. Two queries; the second one
    reads all that counts.
    """
    columns = [*dict.fromkeys(by)]
    if unknown := {*columns, *filters} - COLUMNS:
        raise ValueError(f"Movements have no {', '.join(sorted(unknown))}.")
    wanted, values = _conditions(start, end, currency or house_currency(), filters)
    listed = sql.SQL("").join(sql.SQL("{}, ").format(sql.Identifier(name)) for name in columns)
    parted = listed
    if parted_at is not None:
        values["parted_at"] = parted_at
        parted = listed + sql.SQL("business_date < %(parted_at)s as is_before, ")
        listed, columns = listed + sql.SQL("is_before, "), [*columns, "is_before"]
    places = sql.SQL(", ").join(sql.Literal(place + 1) for place in range(len(columns)))
    query = _QUERY.format(
        by=listed,
        columns=parted,
        days=wanted,
        grouped=sql.SQL("group by {}").format(places) if columns else sql.SQL("having true"),
    )
    # The memory to sum up in is asked for until the transaction ends; no lock is.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(query, {**values, "known": _mark(cursor)})
        names = [column.name for column in cursor.description]
        return [
            dict(zip(names, row, strict=True)) for row in cursor.fetchall() if row[-1] is not None
        ]


def total(*, end: dt.date | None, start: dt.date | None = None, **filters: Any) -> int:
    """All of it in one figure, minor units, debit positive. Two queries."""
    return sum(row["amount"] for row in sums(end=end, start=start, by=(), **filters))


def _mark(cursor: Any) -> int:
    """Where the day sums end, for PostgreSQL to plan by: what it is told beforehand is few rows.

    The mark only goes ahead, and the statement asks for it again: one that is old does no harm.
    With the default memory it would sort tens of thousands of sums in a file.
    """
    cursor.execute(
        "select set_config('work_mem', '64MB', true), "
        "coalesce((select through from ledger_snapshot where id = 1), 0)"
    )
    return int(cursor.fetchone()[1])


def _conditions(
    start: dt.date | None, end: dt.date | None, currency: str, filters: dict[str, Any]
) -> tuple[sql.Composable, dict[str, Any]]:
    parts: list[sql.Composable] = [sql.SQL("currency = %(currency)s")]
    values: dict[str, Any] = {"currency": currency}
    if start is not None:
        parts.append(sql.SQL("business_date >= %(start)s"))
        values["start"] = start
    if end is not None:
        parts.append(sql.SQL("business_date <= %(end)s"))
        values["end"] = end
    for name, value in filters.items():
        column = sql.Identifier(name)
        if value is None:
            parts.append(sql.SQL("{} is null").format(column))
            continue
        is_many = isinstance(value, list | tuple | set | frozenset)
        sign = sql.SQL("{} = any(%({})s)" if is_many else "{} = %({})s")
        parts.append(sign.format(column, sql.SQL(f"of_{name}")))
        values[f"of_{name}"] = list(value) if is_many else value
    return sql.SQL(" and ").join(parts), values
