"""A quick look over the books: which of the ledger's checks need no closer one.

The checks in `checks` name each row that is wrong, and for millions that takes its time. These
queries (`screens`) ask the same of all rows at once, and in the least number of passes: what they
find well is well; where they have a doubt, the check itself looks and names.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import DataError, transaction

from ledger import checks, screens, seal_checks, snapshot_check

PIECES = 12
"""Ranges of ids, each looked through by one process of PostgreSQL's, in the order of an index: a
join costs half of what it does by a table of millions of hashes, and nothing has to be sorted."""

PRIME = 2**31 - 1
"""What weighed sums are compared by."""


class _Postings(NamedTuple):
    postings: int
    versions: int
    with_lots: int
    weighed: int
    hash: int
    days: int
    fit: bool
    one_currency: bool
    belong: bool
    guarded: int
    follow: bool
    in_bounds: bool


class _Entries(NamedTuple):
    entries: int
    weights: int
    hash: int
    are_named: bool
    fit: bool
    days: int
    in_order: bool
    loose_dates: list[str]


@dataclass(frozen=True)
class _Chances:
    """What this run weighs by; nobody can know it before."""

    seed: int
    first: int
    second: int
    extra: int

    @classmethod
    def drawn(cls) -> "_Chances":
        return cls(*(1 + secrets.randbits(31) for _ in range(4)))


def found_well(cursor: Any) -> dict[str, int]:
    """The queries of checks that hold, each with how many things it looks at. Twelve queries.

    In one transaction that sees one moment. A check that is not among them may hold all the same.
    """
    try:
        with transaction.atomic():
            return dict(_found_well(cursor))
    except DataError:
        # A figure or a day so far out that it cannot be weighed: each check looks for itself.
        return {}


def _found_well(cursor: Any) -> Iterator[tuple[str, int]]:
    chances = _Chances.drawn()
    [through] = _row(cursor, "select coalesce(max(through), 0) from ledger_snapshot")
    p = _Postings(*_row(cursor, _filled(screens.POSTINGS, chances, through)))
    e = _Entries(*_row(cursor, _filled(screens.ENTRIES, chances)))
    [strays] = _row(cursor, screens.THIRD_LINES)
    lots, of_lots, strangers, wrong = _in_pieces(
        cursor, screens.LOTS, "ledger_lot", "lots", "postings", "astray", "wrong"
    )
    [orphans] = _row(cursor, screens.ORPHANS)
    balanced = (
        p.fit and e.fit and _same(p.weighed, (chances.first + chances.second) * int(e.weights))
    )
    belong = balanced and not strays and not strangers and of_lots == p.with_lots
    belong = belong and p.belong and p.follow
    if balanced and not strays and p.one_currency:
        yield checks.ENTRIES_BALANCE, e.entries
    if belong:
        yield checks.POSTINGS_BELONG, p.postings
    if belong:
        yield checks.BALANCES_ADD_UP, p.guarded
    if belong and p.in_bounds:
        yield checks.VERSIONS_FOLLOW, p.versions
    if not wrong:
        yield checks.LOTS_ADD_UP, lots
    # A lot that was opened with its amount has a posting of its account and of the entry that
    # opened it; and postings have both.
    if belong and not wrong and not orphans and e.are_named:
        yield checks.NAMED_ROWS_EXIST, e.entries + lots
    groups, kept = _row(cursor, _filled(screens.DAY_SUMS, chances))
    if p.fit and p.belong and _same(p.days, kept):
        yield snapshot_check.DAY_SUMS_ADD_UP, groups
    if e.in_order:
        yield seal_checks.SEALED_DAYS_HAVE_A_SEAL, e.days
    yield from _seals(cursor, p.hash ^ e.hash, e.loose_dates)


def _seals(cursor: Any, posted: int, loose_dates: list[str]) -> Iterator[tuple[str, int]]:
    """The seals' check by their checksums: nothing where there is none, or one is in doubt."""
    seals, said = _row(cursor, seal_checks.CHECKSUMS)
    if seals:
        cursor.execute(seal_checks.LOOSE, {"dates": loose_dates})
        [loose] = cursor.fetchone()
        [lots] = _row(cursor, seal_checks.LOTS)
        [wrong] = _row(cursor, seal_checks.NEWEST_ARE_THEIR_DAYS)
        if posted ^ lots ^ loose != said or wrong:
            return
    yield seal_checks.SEALS_ARE_THEIR_DAYS, seals


def _filled(query: str, chances: _Chances, through: int = 0) -> str:
    return query.format(**vars(chances), through=through, prime=PRIME)


def _same(one: int, other: int) -> bool:
    return (int(one) - int(other)) % PRIME == 0


def _in_pieces(cursor: Any, query: str, table: str, *columns: str) -> Any:
    """The sums of a query's columns over all ranges of the table's ids; the outer ones are open."""
    [last] = _row(cursor, f"select max(id) from {table}")  # nosec B608 - one of ours
    size = (last or 0) // PIECES + 1
    cuts = [None, *(size * place for place in range(1, PIECES)), None]
    pieces = [query.format(range=_Range(*ends)) for ends in pairwise(cuts)]
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in columns)
    return _row(cursor, f"select {sums} from ({' union all '.join(pieces)}) as pieces")  # nosec B608


@dataclass(frozen=True)
class _Range:
    """Ids from the first to before the end; `{range:column}` in a query is its condition."""

    first: int | None
    end: int | None

    def __format__(self, column: str) -> str:
        parts = [f"{column} >= {self.first}"] if self.first is not None else []
        parts += [f"{column} < {self.end}"] if self.end is not None else []
        return " and ".join(parts)


def _row(cursor: Any, query: str) -> Any:
    cursor.execute(query)
    return cursor.fetchone()
