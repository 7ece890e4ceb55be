"""The trial balance: what stands on every account, in two columns that add up to the same."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Sum
from djmoney.money import Money

from ledger.kinds import AccountKind
from ledger.models import Posting
from salon.models import Location
from salon.money import currency as house_currency
from salon.money import money

KIND_ORDER = {kind: place for place, kind in enumerate(AccountKind.values)}


@dataclass(frozen=True)
class Row:
    """One account, or one kind of account. `net` is debit positive; only one column shows it."""

    kind: AccountKind
    name: str
    net: Money

    @property
    def debit(self) -> Money:
        return max(self.net, self.net * 0)

    @property
    def credit(self) -> Money:
        return max(-self.net, self.net * 0)


@dataclass(frozen=True)
class TrialBalance:
    """All rows that are not zero, in the order of AccountKind, as of the end of a business date."""

    on: dt.date | None
    currency: str
    rows: list[Row]

    @property
    def debit(self) -> Money:
        return sum((row.debit for row in self.rows), money(0, self.currency))

    @property
    def credit(self) -> Money:
        return sum((row.credit for row in self.rows), money(0, self.currency))

    @property
    def is_balanced(self) -> bool:
        return self.debit == self.credit


def trial_balance(
    on: dt.date | None = None,
    currency: str | None = None,
    by: Literal["account", "kind"] = "account",
    place: Location | None = None,
) -> TrialBalance:
    """What every account stands at after all entries of business dates up to and with `on`.

    Without a date: after everything that is recorded. One query. `by="kind"` nets the accounts of
    a kind in the database: one row for all clients, where "account" has one for each. `place`: only
    what was booked there; each place balances by itself.
    """
    code = currency or house_currency()
    postings = Posting.objects.filter(account__currency=code)
    if on is not None:
        postings = postings.filter(business_date__lte=on)
    if place is not None:
        postings = postings.filter(entry__location=place)
    columns = ["account__kind", "account__name"] if by == "account" else ["account__kind"]
    nets = postings.values(*columns).annotate(net=Sum("amount")).exclude(net=0)
    rows = [_row(found, code) for found in nets]
    return TrialBalance(on, code, sorted(rows, key=lambda row: (KIND_ORDER[row.kind], row.name)))


def stored_on(
    on: dt.date,
    *,
    place: Location | None = None,
    kind: str = AccountKind.CLIENT_CREDIT,
    **lots: Any,
) -> int:
    """What is owed for clients' credit, or gift cards (`kind`), by the postings of their lots.

    As of the end of a business date, in minor units. `place`: of what it sold; `lots`: filters on
    the lots. One query over all their postings: reports are compared with it, none is made of it.
    """
    if place is not None:
        lots["sold_at"] = place
    rows = Posting.objects.filter(
        business_date__lte=on,
        account__kind=kind,
        account__currency=house_currency(),
        **{f"lot__{name}": value for name, value in lots.items()},
    )
    return -(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def _row(found: dict, code: str) -> Row:
    kind = AccountKind(found["account__kind"])
    return Row(kind, found.get("account__name") or kind.label, money(found["net"], code))
