"""A card was charged for an order: recorded in the very transaction that hears of it."""

import uuid as uuids

from django.db import transaction
from django.urls import reverse

from cards import purposes
from cards.models import Attempt, CardRefund, Dispute
from cards.straight_back import give_straight_back
from checkout.charges import disputed
from checkout.charges.waiting import as_payments, open_charges
from checkout.errors import Refused
from checkout.locking import lock, touch
from checkout.models import Order, OrderCharge, Tender
from checkout.proposing import apply_proposed
from checkout.tender_kinds import CHARGE, Taking
from checkout.tender_posting import post_tender
from checkout.tips import add_to_tips
from ledger.errors import LedgerError
from ledger.posting import Cause
from salon.desk import Desk

ORDER = "order"
"""The purpose of an attempt that pays an order, which its reference names."""

# Derives a payment's name where a crafted form has used the attempt's own.
_RENAMED = uuids.UUID("b4e4b4a2-7f6c-4c1b-8a35-6f8d6f2f7e90")


class OrderPurpose(purposes.Purpose):
    """An order, by its uuid."""

    code = ORDER

    def lock(self, reference: str) -> None:
        """The order's row comes first."""
        _locked(reference)

    def paid(self, attempt: Attempt, desk: Desk) -> None:
        """The client's tip and the payment go on the order, also where too much is paid by now.

        Where the order is over, all of it goes straight back to the card.
        """
        charge = OrderCharge.objects.select_related("order__opened_by").get(attempt=attempt)
        if charge.tender_id:
            return
        order = lock(charge.order)
        at_desk = Desk(staff=desk.staff or order.opened_by, location=desk.location, at=desk.at)
        if not order.is_open:
            _give_straight_back(order, attempt, at_desk)
            return
        _record(order, charge, attempt, at_desk)
        _apply_deposit(order, at_desk)

    def ended(self, attempt: Attempt) -> None:
        """Nothing was taken: what it spoke for can be paid otherwise."""
        touch(_locked(attempt.reference))

    def changed(self, attempt: Attempt) -> None:
        """Pages that show it waiting are out of date."""
        touch(_locked(attempt.reference))

    def refund_moved(self, refund: CardRefund) -> None:
        """Of a charge that went straight back."""
        touch(_locked(refund.reference))

    def dispute_lost(self, dispute: Dispute) -> None:
        """Where the owner wants it, providers owe back what it had paid of their lines."""
        disputed.take_shares(dispute)

    def dispute_turned(self, dispute: Dispute) -> None:
        """They owe it no more."""
        disputed.give_shares_back(dispute)

    def url(self, reference: str) -> str:
        """The sale's page."""
        return reverse("checkout:order", args=[reference])


def _locked(reference: str) -> Order:
    return Order.objects.select_for_update(of=("self",)).get(uuid=reference)


def _record(order: Order, charge: OrderCharge, attempt: Attempt, desk: Desk) -> None:
    if charge.tip:
        add_to_tips(order=order, total=charge.tip)
    lines, tenders = list(order.lines.all()), list(order.tenders.all())
    tender = Tender(
        uuid=_name_for(attempt),
        order=order,
        kind=CHARGE,
        amount=attempt.amount,
        reference=attempt.card_said,
    )
    others = [other for other in open_charges(order) if other != charge]
    taking = Taking(order, lines, [*tenders, *as_payments(others)], desk)
    charge.tender = post_tender(tender, taking)
    charge.save(update_fields=["tender"])


def _name_for(attempt: Attempt) -> uuids.UUID:
    """The attempt's own uuid. What was charged is recorded, whatever a crafted form did to it."""
    if Tender.objects.filter(uuid=attempt.uuid).exists():
        return uuids.uuid5(_RENAMED, str(attempt.uuid))
    return attempt.uuid


def _apply_deposit(order: Order, desk: Desk) -> None:
    """As with every other payment. After it, so that no more is paid than the sale costs.

    Where it was moved at this moment it stays proposed: the charge stands in any case.
    """
    try:
        with transaction.atomic():
            apply_proposed(order, desk)
    except (Refused, LedgerError):
        return


def _give_straight_back(order: Order, attempt: Attempt, desk: Desk) -> None:
    give_straight_back(
        attempt=attempt,
        why=f"{order} was {order.get_status_display().lower()} before the card was charged",
        cause=Cause("order", str(order.uuid)),
        reference=str(order.uuid),
        desk=desk,
    )
    touch(order)


def register_order_purpose() -> None:
    """Called once, when the program starts."""
    purposes.register(OrderPurpose())
