"""Discounts and taxes as a receipt shows them, so that its reader can reckon every figure again.

Each row is a name, an amount (below zero: taken off) and what there is to say of it.
"""

from collections import defaultdict
from collections.abc import Iterable

from djmoney.money import Money

from checkout.models import Discount, LineItem, Refund
from checkout.sale import Sale
from checkout.taxes import TaxSum, taxes_between, taxes_by_rate
from salon import said
from salon.money import minor, money

Row = tuple[str, Money, str]


def taken_off(line: LineItem, discounts: Iterable[Discount]) -> list[Row]:
    """What comes off a line: its own discounts, then its share of those on the whole sale."""
    own = [discount for discount in discounts if discount.line_id == line.pk]
    rows: list[Row] = [(discount.label, -discount.taken_off, "") for discount in own]
    share = line.discount - sum((discount.taken_off for discount in own), money(0))
    return [*rows, ("Its share of the sale’s discount", -share, "")] if share else rows


def tax_note(line: LineItem) -> str:
    """tax $1.60; of several rates, tax $0.54 + $0.61; contained in the price, incl. tax $2.00."""
    added = [tax.amount for tax in line.taxes.all() if tax.amount and not tax.is_included]
    included = [tax.amount for tax in line.taxes.all() if tax.amount and tax.is_included]
    notes = [("tax", added), ("incl. tax", included)]
    return ", ".join(f"{word} {' + '.join(map(said.amount, of))}" for word, of in notes if of)


def discount_rows(sale: Sale) -> list[Row]:
    """What all discounts take off, and those on the whole sale by name."""
    if not sale.totals.discount:
        return []
    on_all = [discount for discount in sale.discounts if discount.line_id is None]
    named = [f"{discount.label}: −{said.amount(discount.taken_off)}" for discount in on_all]
    return [("Discount", -sale.totals.discount, "; ".join(named))]


def added_taxes(sale: Sale) -> list[Row]:
    """One row for each rate on top, with what it was charged on."""
    return [_row(tax) for tax in taxes_by_rate(sale.lines) if not tax.is_included]


def included_taxes(sale: Sale) -> list[Row]:
    """One row for each rate that prices contain."""
    return [_row(tax) for tax in taxes_by_rate(sale.lines) if tax.is_included]


def taxes_back(sale: Sale, refund: Refund) -> list[Row]:
    """The tax in a refund, by rate."""
    before, within = _tax_refunded(sale, refund)
    sums: dict[str, Money] = defaultdict(lambda: money(0))
    for line in sale.lines:
        then = before[line.pk]
        for tax, part in taxes_between(line.taxes.all(), then, then + within[line.pk]):
            if part:
                sums[f"{tax.rate.name} {said.percent(tax.percent)} in it"] += money(part)
    return [(name, amount, "") for name, amount in sums.items()]


def _tax_refunded(sale: Sale, refund: Refund) -> tuple[dict[int, int], dict[int, int]]:
    """By line: what went back before this refund, and with it. Minor units."""
    before: dict[int, int] = defaultdict(int)
    within: dict[int, int] = defaultdict(int)
    for pk, parts in sale.parts.items():
        for part in parts:
            if part.allocation is not None and pk <= refund.pk:
                sums = within if pk == refund.pk else before
                sums[part.allocation.line_id] += minor(part.tax)
    return before, within


def _row(tax: TaxSum) -> Row:
    return tax.label, tax.amount, tax.note
