"""The trial balance as people read it: by kind, with the house's accounts by their names.

From the day sums (ledger/sums.py): quick among millions of postings. `trial_balance` adds up the
postings themselves; that the two are the same is what the page proves.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger import account_names
from ledger.kinds import GUARDED, AccountKind
from ledger.models import Account, Entry, Posting
from ledger.sums import sums
from salon.addresses import day_and_ids
from salon.models import Location

PAGE = 50


@dataclass(frozen=True)
class HouseAccount:
    """Minor units, debit positive."""

    pk: int
    name: str
    label: str
    net: int


@dataclass(frozen=True)
class KindRow:
    """One kind of account. Clients' and gift cards' accounts are not listed one by one."""

    kind: AccountKind
    net: int
    accounts: list[HouseAccount] = field(default_factory=list)

    @property
    def is_guarded(self) -> bool:
        return self.kind in GUARDED


def kinds_and_accounts(on: dt.date, place: Location | None = None) -> list[KindRow]:
    """What stands where at the end of a business date, in the order of AccountKind; no zero rows.

    `place`: only what was booked there; each place balances by itself. Three queries, and one for
    each kind of subject.
    """
    at: dict[str, Any] = {"location_id": place.pk} if place else {}
    nets: dict[str, dict[int | None, int]] = defaultdict(dict)
    for row in sums(end=on, by=("kind", "account_id"), **at):
        if row["amount"]:
            nets[row["kind"]][row["account_id"]] = row["amount"]
    names = _names_of({pk for by_account in nets.values() for pk in by_account if pk})
    labels = account_names.named(names.values())
    rows = []
    for kind in AccountKind:
        accounts = [
            HouseAccount(pk, names[pk], labels[names[pk]].name, net)
            for pk, net in nets[kind].items()
            if pk is not None
        ]
        if nets[kind]:
            by_label = sorted(accounts, key=lambda each: (each.label.casefold(), each.pk))
            rows.append(KindRow(kind, sum(nets[kind].values()), by_label))
    return rows


def _names_of(ids: set[int]) -> dict[int, str]:
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


@dataclass(frozen=True)
class Movement:
    """What an entry did on one account, minor units, debit positive."""

    entry: Entry
    amount: int
    line: int

    @property
    def cursor(self) -> str:
        """Where the next page starts, for an address."""
        return f"{self.entry.business_date}.{self.entry.pk}.{self.line}"


def entries_of(
    account: Account, on: dt.date, place: Location | None = None, after: str = "", limit: int = PAGE
) -> list[Movement]:
    """Postings of a house account up to a business date, the newest first. Two queries."""
    found = Posting.objects.filter(account=account, version__isnull=True, business_date__lte=on)
    if place:
        found = found.filter(entry__location=place)
    if at := day_and_ids(after):
        day, entry_id, line = at
        found = found.filter(business_date__lte=day).extra(  # nosec B610 - values are parameters
            where=["(ledger_posting.business_date, entry_id, line) < (%s, %s, %s)"],
            params=[day, entry_id, line],
        )
    ordered = found.order_by("-business_date", "-entry_id", "-line")
    keys = list(ordered.values_list("entry_id", "line", "amount")[:limit])
    entries = Entry.objects.select_related("staff", "location").in_bulk({key[0] for key in keys})
    return [Movement(entries[entry_id], amount, line) for entry_id, line, amount in keys]


def all_entries_of(
    account: Account, on: dt.date, place: Location | None = None
) -> Iterator[list[Movement]]:
    """All of them, 500 at a time. Two queries each."""
    after = ""
    while found := entries_of(account, on, place, after, 500):
        yield found
        after = found[-1].cursor
