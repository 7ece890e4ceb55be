"""Charges that are open: what they speak for on their order, and acts that wait for them."""

from collections.abc import Iterable

from djmoney.money import Money

from cards.models import Attempt
from checkout.errors import Refused
from checkout.models import Order, OrderCharge, Tender
from checkout.tender_kinds import CHARGE
from salon import said
from salon.money import money


def charges_of(order: Order) -> list[OrderCharge]:
    """All charges of an order, the oldest first, whatever came of them. One query."""
    return list(order.charges.select_related("attempt__card"))


def open_charges(order: Order) -> list[OrderCharge]:
    """Those that may still take money. One query."""
    charges = order.charges.filter(attempt__status__in=Attempt.OPEN)
    return list(charges.select_related("attempt__card"))


def pays(charge: OrderCharge) -> Money:
    """What of the order it pays: its amount without the tip, whose lines come with the payment."""
    amount: Money = charge.attempt.amount - charge.tip
    return amount


def spoken_for(order: Order) -> Money:
    """What of the order open charges will pay. One query."""
    return sum_of(open_charges(order))


def sum_of(charges: Iterable[OrderCharge]) -> Money:
    """What of their order these will pay."""
    return sum((pays(charge) for charge in charges), money(0))


def as_payments(charges: Iterable[OrderCharge]) -> list[Tender]:
    """Open charges as the payments that they will be: unsaved, beside those that stand."""
    return [Tender(order=charge.order, kind=CHARGE, amount=pays(charge)) for charge in charges]


def check_none_open(order: Order, then: str) -> None:
    """Refuse to go on while a card may still be charged for the locked order. One query.

    `then`: what did not happen: "The sale stays open."
    """
    waiting = spoken_for(order)
    if waiting:
        raise Refused(
            f"{said.amount(waiting)} is waiting for the card. {then} "
            "Wait until it is paid, or cancel it first."
        )
