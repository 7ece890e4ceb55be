"""What a receipt says, as data: the page, the roll of 80 mm and the e-mail all draw the same.

It speaks of its sale and its client alone. Of the client whom an Account Credits line credits it
says the name, as the line does; never another client's balance.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from djmoney.money import Money

from checkout import words
from checkout.models import LineItem, Order, Refund, Tender
from checkout.sale import Sale
from checkout.tender_kinds import CREDITS
from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models import Posting
from salon import said
from salon.models import BusinessSettings, Location
from salon.money import money

_BALANCES = {
    AccountKind.CLIENT_CREDIT.value: "Account balance",
    AccountKind.RECEIVABLE.value: "Owed to the salon",
}


@dataclass(frozen=True)
class Item:
    """A name, what there is to say of it, and an amount at the right; below zero: given back."""

    name: str
    amount: Money
    note: str = ""


@dataclass(frozen=True)
class Balance:
    """What the receipt's own client had, or owed, before and after."""

    label: str
    before: Money
    after: Money


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
    notice: str = ""
    """What must not be overlooked: Voided, Not paid in full yet."""
    client: Client | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """Sale #1042, Refund R1042-7."""
        return f"{self.kind} {self.number}"


def receipt_of(sale: Sale) -> Receipt:
    """The receipt of a sale as it stands, with what has gone back since. Two queries."""
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
        lines=[_line(line) for line in sale.lines],
        sums=[Item("Subtotal", sale.totals.subtotal), *_taxes(sale.lines)],
        total=Item("Total", sale.totals.total),
        payments=[*_payments(sale), *_given_back(sale)],
        balances=_balances(order.client, of_order),
        foot=business.receipt_note,
        notice=_notice(sale),
        client=order.client,
    )


def refund_receipt_of(sale: Sale, refund: Refund) -> Receipt:
    """The receipt of one refund: what went back for what, and where to. Two queries."""
    business = BusinessSettings.current()
    parts = sale.parts[refund.pk]
    total = sale.amount_of(refund)
    tax = sum((part.tax for part in parts), money(0))
    back: dict[str, Money] = defaultdict(lambda: money(0))
    for part in parts:
        back[words.part(part)] += part.amount
    return Receipt(
        business=business.name,
        location=refund.location,
        kind="Refund",
        number=refund.number,
        at=refund.at,
        facts=[
            ("Of sale", f"#{sale.order.number}"),
            *([("Client", refund.client.name)] if refund.client else []),
            ("Served by", str(refund.by)),
        ],
        lines=_lines_back(sale, refund),
        sums=[Item("Tax in it", tax)] if tax else [],
        total=Item("Refunded", total),
        payments=[Item(way, amount) for way, amount in back.items()],
        balances=_balances(refund.client, Q(entry=refund.entry_id)),
        foot=business.receipt_note,
        client=refund.client,
    )


def _moment(order: Order) -> dt.datetime:
    return order.closed_at or order.voided_at or order.opened_at


def _facts(order: Order) -> list[tuple[str, str]]:
    staff = order.closed_by or order.voided_by or order.opened_by
    client = [("Client", order.client.name)] if order.client else []
    return [*client, ("Served by", str(staff))]


def _notice(sale: Sale) -> str:
    if sale.order.status == Order.Status.VOIDED:
        return "Voided"
    if sale.order.is_open and sale.totals.remaining.amount > 0:
        return f"Open: {said.amount(sale.totals.remaining)} remains to be paid"
    return "Open: not closed yet" if sale.order.is_open else ""


def _line(line: LineItem) -> Item:
    notes = [str(line.staff)] if line.staff else []
    if line.quantity > 1:
        notes.append(f"{line.quantity} × {said.amount(line.unit_price)}")
    return Item(line.description, line.amount, " · ".join(notes))


def _taxes(lines: list[LineItem]) -> list[Item]:
    """One row for each rate that was charged."""
    by_rate: dict[str, Money] = defaultdict(lambda: money(0))
    for line in lines:
        if line.tax and line.tax_rate:
            by_rate[f"{line.tax_rate.name} {line.tax_percent.normalize():f} %"] += line.tax
    return [Item(rate, tax) for rate, tax in by_rate.items()]


def _payments(sale: Sale) -> list[Item]:
    return [item for tender in sale.tenders for item in _payment(tender, sale.order.client)]


def _payment(tender: Tender, client: Client | None) -> list[Item]:
    note = tender.reference
    if tender.kind == CREDITS and client:
        note = f"Account Credit - {client.name}"
    items = [Item(words.payment(tender), tender.amount, note)]
    if tender.cash_given and tender.change_due:
        items = [Item(words.payment(tender), tender.cash_given), Item("Change", -tender.change_due)]
    return items


def _given_back(sale: Sale) -> list[Item]:
    """Each refund, and each payment taken back before, by the way that it went."""
    items = []
    for refund in sale.refunds:
        ways: dict[str, Money] = defaultdict(lambda: money(0))
        for part in sale.parts[refund.pk]:
            ways[words.part(part)] += part.amount
        day = said.day(refund.business_date, refund.business_date)
        items += [Item(way, -amount, day) for way, amount in ways.items()]
    return items


def _lines_back(sale: Sale, refund: Refund) -> list[Item]:
    """What was refunded of each line, with tax; of a payment taken back, the payment."""
    back: dict[int, Money] = defaultdict(lambda: money(0))
    for part in sale.parts[refund.pk]:
        if part.allocation is None:
            return [Item(words.payment(part.tender), part.amount) for part in sale.parts[refund.pk]]
        back[part.allocation.line_id] += part.amount
    return [Item(line.description, back[line.pk]) for line in sale.lines if line.pk in back]


def _balances(client: Client | None, entries: Q) -> list[Balance]:
    """What the client's accounts stood at before and after these entries; those that moved."""
    if client is None:
        return []
    postings = Posting.objects.filter(
        entries, account__client=client, account__kind__in=_BALANCES
    ).order_by("account__kind", "version")
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for kind, amount, after in postings.values_list("account__kind", "amount", "balance_after"):
        last[kind] = after or 0
        first.setdefault(kind, last[kind] - amount)
    # Stored value is a debt of the salon's, below zero in the books; what is owed stands above.
    return [
        Balance(_BALANCES[kind], abs(money(first[kind])), abs(money(last[kind]))) for kind in last
    ]
