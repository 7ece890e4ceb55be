"""Account credit that was used, one row for each entry and client; what came back is below zero.

"Used" is the flow of that name in `ledger_movement`: payments with Credits, what of them was taken
back, and refunds to the balance of what Credits had paid. What clients came to owe with it stands
apart.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ledger.by_name import named
from ledger.kinds import Flow, Source
from ledger.sums import sums
from salon.addresses import day_and_ids
from salon.models import Location
from salon.money import currency

KINDS = ["client_credit", "receivable"]
PAGE = 50
READ = 500
"""Rows of the file that are read at once."""


@dataclass(frozen=True)
class Asked:
    """Business dates, both in it. `place`: where it was used. `words`: of the client's name."""

    start: dt.date
    end: dt.date
    place: Location | None = None
    words: str = ""


@dataclass(frozen=True)
class Use:
    """Minor units. `owed`: what of it the client came to owe; not part of `credit`."""

    day: dt.date
    entry_id: int
    client_id: int
    client: str
    staff: str
    location: str
    cause: tuple[str, str]
    credit: int
    owed: int

    @property
    def cursor(self) -> str:
        """Where the next page starts, for an address."""
        return f"{self.day}.{self.entry_id}.{self.client_id}"


@dataclass(frozen=True)
class Totals:
    """Minor units, of all that was asked for. `sources`: of the credit, by Source."""

    credit: int
    owed: int
    sources: dict[str, int]


def page_of(asked: Asked, after: str = "") -> tuple[list[Use], str]:
    """At most PAGE rows, the newest first, and where the next page starts. One query."""
    found = _read(asked, day_and_ids(after), PAGE + 1)
    return found[:PAGE], found[PAGE - 1].cursor if len(found) > PAGE else ""


def batches(asked: Asked) -> Iterator[list[Use]]:
    """All rows, READ at a time. One query each."""
    after = None
    while found := _read(asked, after, READ):
        yield found
        if len(found) < READ:
            return
        after = found[-1].day, found[-1].entry_id, found[-1].client_id


def totals(asked: Asked) -> Totals:
    """Of everybody from the day sums, quick among millions of postings. Two queries at most."""
    found = _summed(asked) if asked.words else _by_day_sums(asked)
    sources = {each: found.get(("client_credit", each), 0) for each in Source.values}
    owed = sum(amount for (kind, _), amount in found.items() if kind == "receivable")
    return Totals(sum(found.values()) - owed, owed, sources)


def _by_day_sums(asked: Asked) -> dict[tuple[str, str], int]:
    at: dict[str, Any] = {"location_id": asked.place.pk} if asked.place else {}
    used = sums(
        start=asked.start, end=asked.end, by=("kind", "source"), kind=KINDS, flow=Flow.USED, **at
    )
    return {(row["kind"], row["source"]): row["amount"] for row in used}


def _summed(asked: Asked) -> dict[tuple[str, str], int]:
    where, values = _where(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{_TOTALS} {where} group by 1, 2", values)  # nosec B608
        return {(kind, source): int(amount) for kind, source, amount in cursor.fetchall()}


def _read(asked: Asked, after: tuple[dt.date, int, int] | None, limit: int) -> list[Use]:
    where, values = _where(asked)
    if after:
        where += """ and (e.business_date, e.id, a.client_id)
            < (%(day)s, %(entry)s, %(client)s) and e.business_date <= %(day)s"""
        values |= dict(zip(("day", "entry", "client"), after, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROWS} {where} {_GROUPED} limit {int(limit)}", values)  # nosec B608
        return [_use(row) for row in cursor.fetchall()]


def _use(row: tuple[Any, ...]) -> Use:
    day, entry_id, client_id, client, staff, location, kind, cause_id, credit, owed = row
    cause = kind, cause_id
    return Use(day, entry_id, client_id, client, staff, location, cause, int(credit), int(owed))


def _where(asked: Asked) -> tuple[str, dict[str, Any]]:
    """Pieces of this module; what somebody typed goes along as values."""
    values: dict[str, Any] = {"start": asked.start, "end": asked.end, "currency": currency()}
    where = ""
    if asked.place:
        where, values["place"] = " and e.location_id = %(place)s", asked.place.pk
    by_name, typed = named(asked.words)
    return where + by_name, values | typed


# From the entries of these days, which a small index finds, to their postings.
_FROM = """
    from ledger_entry e
    join ledger_movement m on m.entry_id = e.id and m.flow = 'used'
        and m.kind in ('client_credit', 'receivable') and m.currency = %(currency)s
    join ledger_posting p on p.entry_id = m.entry_id and p.line = m.line
    join ledger_account a on a.id = p.account_id
    join clients_client c on c.id = a.client_id
    join salon_location l on l.id = e.location_id
    left join salon_staffmember s on s.id = e.staff_id
    where e.business_date between %(start)s and %(end)s"""
_ROWS = f"""
    select e.business_date, e.id, a.client_id, trim(c.first_name || ' ' || c.last_name),
           coalesce(nullif(s.name, ''), s.username, ''), l.name, e.cause_kind, e.cause_id,
           coalesce(sum(m.amount) filter (where m.kind = 'client_credit'), 0),
           coalesce(sum(m.amount) filter (where m.kind = 'receivable'), 0)
    {_FROM}"""  # nosec B608
_GROUPED = """
    group by e.id, a.client_id, c.id, s.id, l.id
    order by e.business_date desc, e.id desc, a.client_id desc"""
_TOTALS = f"select m.kind, m.source, sum(m.amount) {_FROM}"  # nosec B608
