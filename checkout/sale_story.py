"""What happened with a sale, in the order of happening, for its page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from djmoney.money import Money

from cards.models import CardRefund, Dispute
from checkout import words
from checkout.charges.in_dispute import InDispute
from checkout.charges.to_cards import ToCard
from checkout.models import Discount, Order, Refund, Tender
from checkout.sale import Sale
from salon import said
from salon.money import money


@dataclass(frozen=True)
class Event:
    """One thing that happened; `url` and `link` lead to its paper."""

    at: dt.datetime
    what: str
    who: str
    note: str = ""
    url: str = ""
    link: str = ""
    is_lost: bool = False


@dataclass(frozen=True)
class PaymentRow:
    """A payment of a sale. `left`: what of it has not gone back."""

    tender: Tender
    name: str
    note: str
    amount: Money
    left: Money


def payment_rows(sale: Sale) -> list[PaymentRow]:
    """The payments as taken. No queries."""
    rows = []
    for tender in sale.tenders:
        gone = [
            part.amount
            for parts in sale.parts.values()
            for part in parts
            if part.tender_id == tender.pk
        ]
        left = tender.amount - sum(gone, money(0))
        name = words.payment(tender)
        rows.append(PaymentRow(tender, name, _note(tender), tender.amount, left))
    return rows


def _note(tender: Tender) -> str:
    notes = [said.clock_time(tender.taken_at), words.by(tender.taken_by)]
    if words.reference(tender):
        notes.append(words.reference(tender))
    if tender.owed:
        notes.append(f"{said.amount(tender.owed)} of it owed")
    if tender.cash_given and tender.change_due:
        given, back = said.amount(tender.cash_given), said.amount(tender.change_due)
        notes.append(f"{given} given, {back} back")
    return " · ".join(notes)


def story_of(sale: Sale, sent: Iterable[Event] = ()) -> list[Event]:
    """Newest first. `sent`: the receipts that went out. One query, for what went to cards,
    and one for disputes where a card was charged."""
    order = sale.order
    events = [Event(order.opened_at, _opened(order), words.by(order.opened_by))]
    for tender in sale.tenders:
        what = f"{words.payment(tender)} {said.amount(tender.amount)}"
        why = tender.override_reason or words.reference(tender)
        events.append(Event(tender.taken_at, what, words.by(tender.taken_by), why))
    events += [_discount(sale, discount) for discount in sale.discounts]
    events += [_given_back(sale, refund) for refund in sale.refunds]
    events += [event for row in sale.card_refunds for event in _to_card(row)]
    events += [event for row in sale.disputes for event in _dispute(row)]
    if order.closed_at:
        what = f"Closed, {said.amount(sale.totals.total)}"
        events.append(Event(order.closed_at, what, words.by(order.closed_by)))
    if order.voided_at:
        who = str(order.voided_by)
        events.append(Event(order.voided_at, "Voided", who, order.void_reason, is_lost=True))
    return sorted([*events, *sent], key=lambda event: event.at)[::-1]


def _opened(order: Order) -> str:
    if order.appointment:
        return f"Opened from the visit at {said.clock_time(order.appointment.starts_at)}"
    return "Opened"


def _discount(sale: Sale, discount: Discount) -> Event:
    line = next((line for line in sale.lines if line.pk == discount.line_id), None)
    what = f"Discount of {said.amount(discount.taken_off)} on {line or 'the whole sale'}"
    return Event(discount.at, what, str(discount.by), discount.label)


def _to_card(row: CardRefund) -> Iterable[Event]:
    """That it arrived, or that the card refused it and what was done instead."""
    is_refused = row.status == CardRefund.Status.REFUSED
    to_card = ToCard(row)
    if row.ended_at and is_refused:
        what = f"{to_card.card} refused {said.amount(row.amount)}"
        yield Event(row.ended_at, what, "", row.failure, is_lost=True)
    elif row.ended_at:
        yield Event(row.ended_at, f"{to_card.card} has got {said.amount(row.amount)} back", "")
    if entry := row.instead_entry:
        how = f"{said.amount(row.amount)} {to_card.went} instead"
        yield Event(entry.occurred_at, how, str(entry.staff or ""))


def _dispute(dispute: InDispute) -> Iterable[Event]:
    row = dispute.row
    what = f"The client’s bank disputes {said.amount(row.amount)}"
    yield Event(row.opened_at, what, "", dispute.reason, is_lost=True)
    if row.closed_at:
        is_lost = row.status == Dispute.Status.LOST
        yield Event(row.closed_at, dispute.ended, "", is_lost=is_lost)


def _given_back(sale: Sale, refund: Refund) -> Event:
    ways: dict[str, Money] = {}
    for part in sale.parts[refund.pk]:
        way = words.going(part.tender, part.destination)
        ways[way] = ways[way] + part.amount if way in ways else part.amount
    verb = "Took back" if refund.before_close else "Refunded"
    where = ", ".join(f"{said.amount(amount)} {way}" for way, amount in ways.items())
    is_elsewhere = refund.location_id != sale.order.location_id
    return Event(
        refund.at,
        f"{verb} {where}",
        f"{words.by(refund.by)} at {refund.location}" if is_elsewhere else words.by(refund.by),
        refund.reason,
        ""
        if refund.before_close
        else reverse("checkout:refund_receipt", args=[sale.order.uuid, refund.uuid]),
        "Receipt",
    )
