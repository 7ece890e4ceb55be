"""What a receipt says, as data: the page, the roll of 80 mm and the e-mail all draw the same.

It speaks of its sale and its client alone. Of the client whom an Account Credits line credits it
says the name, as the line does; never another client's balance.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q
from djmoney.money import Money

from checkout import words
from checkout.charges.to_cards import went_wrong_with
from checkout.line_kinds import after_tax, kind_of, stands_after_tax
from checkout.models import Discount, LineItem, Order, Refund, Tender
from checkout.receipt_balances import Balance, balances_around
from checkout.receipt_figures import (
    Row,
    added_taxes,
    discount_rows,
    included_taxes,
    taken_off,
    tax_note,
    taxes_back,
)
from checkout.sale import Sale
from checkout.tender_kinds import CHARGE, CREDITS
from clients.models import Client
from salon import said
from salon.models import BusinessSettings, Location
from salon.money import money


@dataclass(frozen=True)
class Item:
    """A name, what there is to say of it, and an amount at the right; below zero: given back."""

    name: str
    amount: Money
    note: str = ""
    less: tuple["Item", ...] = ()
    """What comes off a line, row by row."""


@dataclass(frozen=True)
class Receipt:
    """Everything on it, in its order from the top."""

    business: str
    location: Location
    kind: str
    number: str
    at: dt.datetime
    facts: list[tuple[str, str]]
    lines: list[Item]
    sums: list[Item]
    total: Item
    payments: list[Item]
    balances: list[Balance]
    foot: str
    included: list[Item] = field(default_factory=list)
    """Below the total: taxes that it contains."""
    notice: str = ""
    """What must not be overlooked: Voided, Not paid in full yet."""
    client: Client | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """Sale #1042, Refund R1042-7."""
        return f"{self.kind} {self.number}"


def receipt_of(sale: Sale) -> Receipt:
    """The receipt of a sale as it stands, with what has gone back since.

    Two queries, one more where something went back to a card.
    """
    order = sale.order
    business = BusinessSettings.current()
    of_order = Q(entry__cause_kind="order", entry__cause_id=str(order.uuid))
    return Receipt(
        business=business.name,
        location=order.location,
        kind="Sale",
        number=f"#{order.number}",
        at=_moment(order),
        facts=_facts(order),
        lines=[_line(line, sale.discounts) for line in sale.lines if not stands_after_tax(line)],
        sums=[
            Item("Subtotal", _subtotal(sale)),
            *_items(discount_rows(sale)),
            *_items(added_taxes(sale)),
            *_tips(sale.lines),
        ],
        total=Item("Total", sale.totals.total),
        included=_items(included_taxes(sale)),
        payments=[*_payments(sale), *_given_back(sale)],
        balances=balances_around(order.client, of_order, sale.tenders),
        foot=business.receipt_note,
        notice=_notice(sale),
        client=order.client,
    )


def receipt_for_phone(sale: Sale) -> Receipt:
    """The receipt as whoever paid on their own phone gets it: of the sale alone.

    Without balances: it need not be the client who pays. Two queries.
    """
    receipt = receipt_of(sale)
    is_paid = sale.order.is_open and sale.totals.remaining.amount <= 0
    return replace(receipt, balances=[], notice="" if is_paid else receipt.notice)


def refund_receipt_of(sale: Sale, refund: Refund) -> Receipt:
    """The receipt of one refund: what went back for what, and where to.

    Two queries, one more where something went back to a card.
    """
    business = BusinessSettings.current()
    return Receipt(
        business=business.name,
        location=refund.location,
        kind="Refund",
        number=refund.number,
        at=refund.at,
        facts=[
            ("Of sale", f"#{sale.order.number}"),
            *([("Client", refund.client.name)] if refund.client else []),
            ("Served by", words.by(refund.by)),
        ],
        lines=_lines_back(sale, refund),
        sums=_items(taxes_back(sale, refund)),
        total=Item("Refunded", sale.amount_of(refund)),
        payments=_ways_back(sale, refund),
        balances=balances_around(refund.client, Q(entry=refund.entry_id), sale.tenders),
        foot=business.receipt_note,
        client=refund.client,
    )


def _moment(order: Order) -> dt.datetime:
    return order.closed_at or order.voided_at or order.opened_at


def _facts(order: Order) -> list[tuple[str, str]]:
    staff = order.closed_by or order.voided_by or order.opened_by
    client = [("Client", order.client.name)] if order.client else []
    return [*client, ("Served by", words.by(staff))]


def _notice(sale: Sale) -> str:
    if sale.order.status == Order.Status.VOIDED:
        return sale.status.label
    if sale.order.is_open and sale.totals.remaining.amount > 0:
        return f"Open: {said.amount(sale.totals.remaining)} remains to be paid"
    return "Open: not closed yet" if sale.order.is_open else ""


def _subtotal(sale: Sale) -> Money:
    return sale.totals.subtotal - after_tax(sale.lines)


def _tips(lines: list[LineItem]) -> list[Item]:
    """Tip for Maya: a row for each, below the tax."""
    return [Item(line.description, line.amount) for line in lines if stands_after_tax(line)]


def _items(rows: Iterable[Row]) -> list[Item]:
    return [Item(*row) for row in rows]


def _line(line: LineItem, discounts: Iterable[Discount]) -> Item:
    notes = [str(line.staff)] if line.staff else []
    if line.quantity > 1:
        notes.append(f"{line.quantity} × {said.amount(line.unit_price)}")
    if of_kind := kind_of(line).note(line):
        notes.append(of_kind)
    if taxed := tax_note(line):
        notes.append(taxed)
    less = tuple(_items(taken_off(line, discounts)))
    return Item(line.description, line.price, " · ".join(notes), less)


def _payments(sale: Sale) -> list[Item]:
    return [item for tender in sale.tenders for item in _payment(tender, sale.order.client)]


def _payment(tender: Tender, client: Client | None) -> list[Item]:
    note = words.reference(tender)
    if tender.kind == CREDITS and client:
        note = f"{tender.reference or 'Account Credit'} - {client.name}"
    items = [Item(words.payment(tender), tender.amount, note)]
    if tender.owed:
        drawn = tender.amount - tender.owed
        items = [Item(words.payment(tender), drawn, note)] if drawn else []
        items.append(Item("Owed", tender.owed, client.name if client else ""))
    if tender.cash_given and tender.change_due:
        items = [Item(words.payment(tender), tender.cash_given), Item("Change", -tender.change_due)]
    return items


def _given_back(sale: Sale) -> list[Item]:
    """Each refund, and each payment taken back before, by the way that it went."""
    items = []
    for refund in sale.refunds:
        day = said.day(refund.business_date, refund.business_date)
        items += [
            Item(item.name, -item.amount, " · ".join(filter(None, (day, item.note))))
            for item in _ways_back(sale, refund)
        ]
    return items


def _ways_back(sale: Sale, refund: Refund) -> list[Item]:
    """What went back by each way; where a card refused it, that, and where it went instead.

    One query for all refunds of the sale, where any went to a card.
    """
    refused: dict[str, list[str]] = defaultdict(list)
    to_cards = {
        part.tender_id: part for part in sale.parts[refund.pk] if part.destination == CHARGE
    }
    for row in went_wrong_with(sale.card_refunds, refund) if to_cards else ():
        tender = row.row.attempt.order_charge.tender_id
        if tender in to_cards:
            refused[words.part(to_cards[tender])].append(row.sentence)
    ways = _by_way(sale, refund).items()
    return [Item(way, amount, " ".join(refused[way])) for way, amount in ways]


def _by_way(sale: Sale, refund: Refund) -> dict[str, Money]:
    """What went back by each way, as it is called."""
    ways: dict[str, Money] = defaultdict(lambda: money(0))
    for part in sale.parts[refund.pk]:
        ways[words.part(part)] += part.amount
    return ways


def _lines_back(sale: Sale, refund: Refund) -> list[Item]:
    """What was refunded of each line, with tax; of a payment taken back, the payment."""
    back: dict[int, Money] = defaultdict(lambda: money(0))
    for part in sale.parts[refund.pk]:
        if part.allocation is None:
            return [Item(words.payment(part.tender), part.amount) for part in sale.parts[refund.pk]]
        back[part.allocation.line_id] += part.amount
    return [Item(line.description, back[line.pk]) for line in sale.lines if line.pk in back]
