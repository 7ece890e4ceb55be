"""Keeping an order's figures right: whatever changes its lines or discounts ends here.

A line keeps the rates and percents of the moment when it was added: its LineTax rows.
"""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from django.db.models import prefetch_related_objects

from checkout.line_kinds import kind_of
from checkout.models import Discount, LineItem, LineTax, Order
from checkout.pricing import Cut, Figures, Item, Rate, price, shares_off
from salon.models import TaxRate
from salon.money import minor, money

Row = LineItem | LineTax | Discount
FIELDS: dict[type[Row], list[str]] = {
    LineItem: ["discount", "amount", "tax"],
    LineTax: ["amount"],
    Discount: ["taken_off"],
}
"""What reckoning sets."""


class OrderPrices:
    """An open order's lines, taxes and discounts, to change and then to write. Three queries.

    The caller holds the order's lock. `line` stands in for the row of that line.
    """

    def __init__(self, order: Order, line: LineItem | None = None) -> None:
        rows = order.lines.all()
        self.lines = [line if line and row.pk == line.pk else row for row in rows]
        self.discounts = list(order.discounts.select_related("by__role"))
        self._taxes: dict[int, list[LineTax]] = defaultdict(list)
        for tax in LineTax.objects.filter(line__order=order):
            self._taxes[tax.line_id].append(tax)
        self._stored = self._figures()

    def line(self, pk: int) -> LineItem | None:
        return next((line for line in self.lines if line.pk == pk), None)

    def drop(self, pk: int) -> None:
        """Go on without this line and its own discounts; deleting their rows is the caller's."""
        self.lines = [line for line in self.lines if line.pk != pk]
        self.discounts = [discount for discount in self.discounts if discount.line_id != pk]

    def shares_off(self) -> dict[int, Fraction]:
        """Which part of each line's price discounts take off, by the line's id."""
        return shares_off(self._items(), self._cuts())

    def reckon(self) -> None:
        """Set all figures anew, in memory."""
        priced = price(self._items(), self._cuts())
        for line in self.lines:
            _set(line, priced.lines[line.pk])
            for tax, part in zip(self._taxes[line.pk], priced.lines[line.pk].taxes, strict=True):
                tax.amount = money(part)
        for discount in self.discounts:
            discount.taken_off = money(priced.taken_off[discount.uuid])

    def write(self) -> None:
        """Reckon, and save what changed: at most three queries."""
        self.reckon()
        changed = [row for row, was in self._stored if _figures_of(row) != was]
        lines = [row for row in changed if isinstance(row, LineItem)]
        taxes = [row for row in changed if isinstance(row, LineTax)]
        discounts = [row for row in changed if isinstance(row, Discount)]
        if lines:
            LineItem.objects.bulk_update(lines, FIELDS[LineItem])
        if taxes:
            LineTax.objects.bulk_update(taxes, FIELDS[LineTax])
        if discounts:
            Discount.objects.bulk_update(discounts, FIELDS[Discount])

    def _figures(self) -> list[tuple[Row, list[object]]]:
        taxes = [tax for line in self.lines for tax in self._taxes[line.pk]]
        rows: list[Row] = [*self.lines, *taxes, *self.discounts]
        return [(row, _figures_of(row)) for row in rows]

    def _items(self) -> list[Item]:
        return [_item(line, self._taxes[line.pk]) for line in self.lines]

    def _cuts(self) -> list[Cut]:
        return [
            Cut(
                discount.uuid,
                line=discount.line_id,
                percent=discount.percent,
                amount=None if discount.amount is None else minor(discount.amount),
            )
            for discount in self.discounts
        ]


def reprice(order: Order, line: LineItem | None = None) -> None:
    """Reckon an order's figures anew and save what changed: three queries, three more at most.

    Under the order's lock. `line`, one of the order's, gets its figures too.
    """
    OrderPrices(order, line).write()


def price_alone(line: LineItem, rate: TaxRate | None) -> LineItem:
    """A line's figures before it is saved, as if it were alone. One query for a rate's parts."""
    line.tax_rate = rate
    line.tax_percent = rate.percent if rate else 0
    item = Item(0, minor(line.price), rates=tuple(map(_rate, parts_of(rate))))
    _set(line, price([item], []).lines[0])
    return line


def write_taxes(lines: Iterable[LineItem]) -> None:
    """Write the taxes of lines that were just priced alone and saved. One query for all."""
    taxes: list[LineTax] = []
    for line in lines:
        rates = parts_of(line.tax_rate)
        item = Item(0, minor(line.price), rates=tuple(map(_rate, rates)))
        figures = price([item], []).lines[0]
        taxes += [
            LineTax(
                line=line,
                rate=rate,
                percent=rate.percent,
                is_included=rate.is_included,
                amount=money(part),
            )
            for rate, part in zip(rates, figures.taxes, strict=True)
        ]
    LineTax.objects.bulk_create(taxes)


def parts_of(rate: TaxRate | None) -> list[TaxRate]:
    """What is charged for a rate: its parts, or itself. One query, none where they are known."""
    if rate is None:
        return []
    prefetch_related_objects([rate], "parts")
    return list(rate.parts.all()) or [rate]


def _rate(rate: TaxRate) -> Rate:
    return Rate(rate.pk, rate.percent, rate.is_included)


def _item(line: LineItem, taxes: Iterable[LineTax]) -> Item:
    return Item(
        line.pk,
        minor(line.price),
        takes_discounts=kind_of(line).discountable,
        rates=tuple(Rate(tax.rate_id, tax.percent, tax.is_included) for tax in taxes),
    )


def _set(line: LineItem, figures: Figures) -> None:
    line.discount = money(figures.discount)
    line.amount = money(figures.amount)
    line.tax = money(figures.tax)


def _figures_of(row: Row) -> list[object]:
    return [getattr(row, name) for name in FIELDS[type(row)]]
