"""A client's statement: every entry that moved their balance, newest first, in pages by key.

The balance is what the salon owes the client less what the client owes, so it stands on two
accounts: stored value, and the receivable. Each has versions of its own, and a page goes on from a
version of each (`Cursor`). Postings of one entry are one row. A page reads so many postings behind
its cursor and no others: it costs the same whether there are a hundred or a million.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from djmoney.money import Money

from clients.models import Client
from ledger.models import Entry
from ledger.statement_steps import Cursor, Step, Steps
from salon.money import money

READ = 200
"""Postings of one account that a page reads at most: an entry may draw many lots."""
READ_FILTERED = 2000
"""The same with a filter, which may pass over most of them."""


@dataclass(frozen=True)
class Row:
    """One entry as the client sees it: `amount` above zero is more; `balance` is after it."""

    entry: Entry
    amount: Money
    balance: Money


@dataclass(frozen=True)
class Statement:
    """`older`: where the next page starts, None at the end. With a filter it may follow no row."""

    rows: list[Row]
    older: Cursor | None


@dataclass(frozen=True)
class Wanted:
    """Which entries: of these kinds, on these business days. All of them by default."""

    kinds: Collection[str] = ()
    start: dt.date | None = None
    end: dt.date | None = None

    @property
    def is_all(self) -> bool:
        return not (self.kinds or self.start or self.end)

    def takes(self, step: "Step") -> bool:
        return (
            (not self.kinds or step.kind in self.kinds)
            and (self.start is None or step.day >= self.start)
            and (self.end is None or step.day <= self.end)
        )


def statement(
    client: Client, *, before: Cursor | None = None, limit: int = 25, wanted: Wanted = Wanted()
) -> Statement:
    """At most `limit` rows older than `before`. Three queries."""
    read = Steps(client, before, READ if wanted.is_all else READ_FILTERED)
    steps = []
    for step in read:
        if wanted.takes(step):
            steps.append(step)
        if len(steps) == limit:
            break
    entries = Entry.objects.select_related("staff", "location", "reverses", "reversed_by").in_bulk(
        [step.entry_id for step in steps]
    )
    rows = [Row(entries[step.entry_id], money(step.amount), money(step.balance)) for step in steps]
    return Statement(rows, read.older)
