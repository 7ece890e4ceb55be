"""The entries behind a figure: what one flow moved, entry by entry, the last recorded first.

Figures of stored value are what is owed for it: above zero, the salon owes more. So are its flows,
as ledger/liability.py has them: what settled a debt counts as it came in, and as settled. Of every
other account debit is above zero.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from ledger.flow_terms import Asked, Term
from ledger.sums import sums
from salon.money import currency

PAGE = 50
READ = 500
"""Rows of the file that are read at once."""


@dataclass(frozen=True)
class Row:
    """One entry. `accounts`: the names of the clients' and gift cards' accounts that it moved."""

    entry_id: int
    day: dt.date
    kind: str
    location: str
    staff: str
    cause: tuple[str, str]
    amount: int
    accounts: tuple[str, ...]


def page_of(asked: Asked, before: int | None = None) -> tuple[list[Row], int | None]:
    """At most PAGE rows, recorded before that entry; and where the next page starts. One query."""
    found = _read(asked, before, PAGE + 1)
    return found[:PAGE], found[PAGE - 1].entry_id if len(found) > PAGE else None


def batches(asked: Asked) -> Iterator[list[Row]]:
    """All rows, READ at a time. One query each."""
    before = None
    while found := _read(asked, before, READ):
        yield found
        before = found[-1].entry_id


def total(asked: Asked) -> int:
    """What all rows add up to, from day sums. Two queries for each term."""
    found = 0
    for term in asked.terms:
        filters = asked.filters | {"kind": term.kind}
        filters |= {"flow": term.flow} if term.flow else {}
        filters |= {"source": term.source} if term.source is not None else {}
        by = ["sold_at_id", "location_id"]
        for row in sums(start=asked.start, end=asked.end, by=by, **filters):
            if not asked.elsewhere or row["sold_at_id"] != row["location_id"]:
                found += term.sign * row["amount"]
    return found


def _read(asked: Asked, before: int | None, limit: int) -> list[Row]:
    conditions, values = _conditions(asked)
    if not asked.terms:
        return []
    if before is not None:
        conditions.append(sql.SQL("m.entry_id < %(before)s"))
        values["before"] = before
    signed = sql.SQL(" ").join(
        sql.SQL("when {} then {} * m.amount").format(_of(term), sql.Literal(term.sign))
        for term in asked.terms
    )
    query = _ROWS.format(
        signed=signed,
        conditions=sql.SQL(" and ").join(conditions),
        terms=sql.SQL(" or ").join(_of(term) for term in asked.terms),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values | {"limit": limit})
        return [
            Row(pk, day, kind, place, staff, (cause, cause_id), int(amount), tuple(names))
            for pk, day, kind, place, staff, cause, cause_id, amount, names in cursor.fetchall()
        ]


def _of(term: Term) -> sql.Composable:
    parts = [sql.SQL("m.kind = {}").format(sql.Literal(term.kind))]
    if term.flow:
        parts.append(sql.SQL("m.flow = {}").format(sql.Literal(str(term.flow))))
    if term.source is not None:
        parts.append(sql.SQL("m.source = {}").format(sql.Literal(term.source)))
    return sql.SQL("({})").format(sql.SQL(" and ").join(parts))


def _conditions(asked: Asked) -> tuple[list[sql.Composable], dict[str, Any]]:
    values: dict[str, Any] = {"start": asked.start, "end": asked.end, "currency": currency()}
    conditions: list[sql.Composable] = [sql.SQL("m.currency = %(currency)s")]
    for name, value in asked.filters.items():
        column = sql.Identifier("m", name)
        same = sql.SQL("{} is null") if value is None else sql.SQL("{} = {}")
        conditions.append(
            same.format(column) if value is None else same.format(column, sql.Literal(value))
        )
    if asked.elsewhere:
        conditions.append(sql.SQL("m.sold_at_id <> m.location_id"))
    return conditions, values


# A small index finds where the entries of these days lie; from there by the key of the postings,
# backwards, until the page is full.
_ROWS = sql.SQL("""
    with days as materialized (
        select min(id) as first, max(id) as last
        from (select id from ledger_entry
              where business_date between %(start)s and %(end)s offset 0) as entries
    ), moved as materialized (
        select m.entry_id, sum(case {signed} end) as amount
        from ledger_movement m
        where m.entry_id between (select first from days) and (select last from days)
          and m.bound_id between (select first from days) and (select last from days)
          and m.business_date between %(start)s and %(end)s
          and {conditions} and ({terms})
        group by m.entry_id having sum(case {signed} end) <> 0
        order by m.entry_id desc limit %(limit)s
    )
    select e.id, e.business_date, e.kind, l.name, coalesce(nullif(s.name, ''), s.username, ''),
           e.cause_kind, e.cause_id, moved.amount, array(
               select distinct a.name from ledger_posting p
               join ledger_account a on a.id = p.account_id and a.version is not null
               where p.entry_id = e.id order by 1)
    from moved
    join ledger_entry e on e.id = moved.entry_id
    join salon_location l on l.id = e.location_id
    left join salon_staffmember s on s.id = e.staff_id
    order by e.id desc
""")
