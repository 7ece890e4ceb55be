"""The taxes of an order by rate: as pages show them, and as refunds give them back."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from djmoney.money import Money

from checkout.models import LineItem, LineTax
from checkout.pricing import in_step
from salon import said
from salon.money import minor, money, percent_of


@dataclass
class TaxSum:
    """One rate over all lines: so much tax on so much net."""

    name: str
    percent: Decimal
    is_included: bool
    base: Money
    amount: Money

    @property
    def rate(self) -> str:
        """Sales tax 8.875 %"""
        return f"{self.name} {said.percent(self.percent)}"

    @property
    def label(self) -> str:
        """Sales tax 8.875 %; one that prices contain: incl. VAT 20 %."""
        return f"incl. {self.rate}" if self.is_included else self.rate

    @property
    def note(self) -> str:
        """What it was charged on, so that one can reckon it again."""
        on = f"on {said.amount(self.base)}"
        exact = money(percent_of(minor(self.base), self.percent))
        return on if exact == self.amount else f"{on}, rounded line by line"


def taxes_by_rate(lines: Iterable[LineItem]) -> list[TaxSum]:
    """Each rate that was charged, those on top first. No queries for lines `with_taxes`."""
    sums: dict[tuple[int, Decimal, bool], TaxSum] = {}
    for line in lines:
        for tax in line.taxes.all():
            if not tax.amount:
                continue
            found = sums.setdefault((tax.rate_id, tax.percent, tax.is_included), _nothing_yet(tax))
            found.base += line.amount
            found.amount += tax.amount
    return sorted(sums.values(), key=lambda found: found.is_included)


def taxes_between(taxes: Iterable[LineTax], before: int, after: int) -> list[tuple[LineTax, int]]:
    """What goes back of each tax of one line, while all that went back grows from here to there.

    Minor units. However often a line is refunded, each rate's parts sum to what was charged.
    """
    taxes = list(taxes)
    wholes = [minor(tax.amount) for tax in taxes]
    then, now = in_step(before, wholes), in_step(after, wholes)
    return [(tax, b - a) for tax, a, b in zip(taxes, then, now, strict=True)]


def _nothing_yet(tax: LineTax) -> TaxSum:
    return TaxSum(tax.rate.name, tax.percent, tax.is_included, money(0), money(0))
