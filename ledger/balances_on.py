"""What every client had and owed at the end of a business date, with the split by source.

Of a past date it is what was left of each lot then (ledger/left_on.py): what was spent, moved or
opened later does not show. When nothing is dated later it is read from what stands, which is the
same and quick among millions of postings; `verify_ledger` compares the two.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from djmoney.money import Money

from ledger.balances_query import COLUMNS, FIGURES, NAME, Asked, query_of
from ledger.kinds import Source
from salon.models import Location
from salon.money import money

PAGE = 50


@dataclass(frozen=True)
class Figures:
    """Minor units, all at or above zero but `balance`."""

    stored: int
    held: int
    available: int
    owes: int
    sources: dict[str, int]

    @property
    def balance(self) -> int:
        """Below zero where more is owed than held."""
        return self.stored - self.owes

    @classmethod
    def of(cls, row: dict[str, Any], prefix: str = "") -> "Figures":
        stored, held, available, owes, *sources = (int(row[prefix + key]) for key in FIGURES)
        return cls(stored, held, available, owes, dict(zip(Source.values, sources, strict=True)))

    def money(self, name: str) -> Money:
        value = self.sources[name] if name in self.sources else getattr(self, name)
        return money(value)


NOTHING = Figures(0, 0, 0, 0, dict.fromkeys(Source.values, 0))


@dataclass(frozen=True)
class Row:
    client_id: int
    name: str
    by_name: str
    figures: Figures

    def cursor(self, sort: str) -> str:
        """Where the next page starts, for an address: 42.12000, or 42.okafor ben."""
        return f"{self.client_id}.{self.by_name if sort == NAME else self.figures.balance}"


@dataclass(frozen=True)
class Page:
    """At most PAGE rows; `total` is of all that were asked for, `clients` how many they are."""

    rows: list[Row]
    total: Figures
    clients: int
    next: str = ""


def page_of(asked: Asked, after: str = "") -> Page:
    """Two queries. `after`: where the page before ended; what is no such place starts anew."""
    query, values = query_of(asked, after)
    with connection.cursor() as cursor:
        cursor.execute(f"{query} limit {PAGE + 1}", values)
        found = list(_dicts(cursor.fetchall()))
    if not found:
        return Page([], NOTHING, 0)
    rows = [_row(each) for each in found[:PAGE]]
    total, clients = Figures.of(found[0], "all_"), found[0]["clients"]
    more = rows[-1].cursor(asked.sort) if len(found) > PAGE else ""
    return Page(rows, total, clients, more)


def rows_of(asked: Asked) -> Iterator[Row]:
    """All of them, read as they are asked for: memory stays flat."""
    query, values = query_of(asked, "")
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while found := cursor.fetchmany(500):
            yield from map(_row, _dicts(found))


def totals(on: dt.date, place: Location | None = None) -> Figures:
    """Of all clients, and of all places or of what one sold. Two queries."""
    return page_of(Asked(on, place)).total


def _row(found: dict[str, Any]) -> Row:
    return Row(found["client_id"], found["name"], found["by_name"], Figures.of(found))


def _dicts(found: list[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    for row in found:
        yield dict(zip(COLUMNS, row, strict=True))
