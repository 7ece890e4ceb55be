"""What Payment Methods shows: the balance, the bar by source, and the lots."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum
from djmoney.money import Money

from clients.models import Client
from ledger import causes
from ledger.balances import Balance, balance_of, open_lots
from ledger.kinds import AccountKind, Restriction, Source
from ledger.lot_words import SOON
from ledger.models import Lot
from salon import said
from salon.money import money

SHOWN = 100
"""Lots on one page; nobody reads more."""


@dataclass(frozen=True)
class Part:
    """One part of the bar, as components/source_bar.html draws it: x and width in percent."""

    source: str
    label: str
    amount: str
    x: float
    width: float


@dataclass(frozen=True)
class LotRow:
    """A lot with the words around it. `came_by`: what opened it, "Sale #1042"."""

    lot: Lot
    on: dt.date
    came_by: str

    @property
    def remaining(self) -> Money:
        return money(self.lot.remaining)

    @property
    def amount(self) -> Money:
        return money(self.lot.amount)

    @property
    def is_whole(self) -> bool:
        return self.lot.remaining == self.lot.amount

    @property
    def percent(self) -> float:
        """What is left of the original, for the meter."""
        return round(100 * self.lot.remaining / self.lot.amount, 1)

    @property
    def is_expired(self) -> bool:
        return self.lot.expires_on is not None and self.lot.expires_on < self.on

    @property
    def expires_soon(self) -> bool:
        """Within two weeks."""
        expires = self.lot.expires_on
        return expires is not None and self.on <= expires <= self.on + SOON

    @property
    def is_restricted(self) -> bool:
        return self.lot.restriction != Restriction.ANY

    @property
    def has_cause(self) -> bool:
        return causes.is_known(self.lot.opened_by.cause_kind)


@dataclass(frozen=True)
class Wallet:
    """`hidden`: whether the page leaves lots out."""

    balance: Balance
    parts: list[Part]
    lots: list[LotRow]
    hidden: bool


def wallet_of(client: Client, on: dt.date) -> Wallet:
    """Three queries, and one for each kind of cause; the lots are in the order of drawing."""
    sums = dict(
        Lot.objects.filter(
            account__client=client, account__kind=AccountKind.CLIENT_CREDIT, is_open=True
        )
        .order_by()
        .values_list("source")
        .annotate(Sum("remaining"))
    )
    lots = list(open_lots(client)[: SHOWN + 1])
    names = causes.names_of(lot.opened_by for lot in lots)
    rows = [
        LotRow(lot, on, names.get((lot.opened_by.cause_kind, lot.opened_by.cause_id), ""))
        for lot in lots
    ]
    return Wallet(balance_of(client, on), bar_of(sums), rows[:SHOWN], len(lots) > SHOWN)


def bar_of(sums: dict[str, int]) -> list[Part]:
    """Parts of a bar, by source in the order of Source; minor units in, percent out."""
    whole = sum(sums.values())
    parts = []
    before = 0
    for source in Source:
        if value := sums.get(source, 0):
            x, width = (round(100 * figure / whole, 3) for figure in (before, value))
            parts.append(Part(source.value, source.label, said.amount(money(value)), x, width))
            before += value
    return parts
