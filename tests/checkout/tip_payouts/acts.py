"""Tips in short words: earned by a sale, paid out, undone."""

import uuid

from checkout.closing import close_order
from checkout.models import Order, TipPayout
from checkout.refunding import refund_lines
from checkout.tip_payouts.owed import balance_of
from checkout.tip_payouts.paying import pay_tips
from checkout.tip_payouts.undoing import undo_payout
from checkout.tips import set_tips
from salon.desk import Desk
from salon.models import StaffMember
from salon.money import minor
from tests.checkout.helpers import order_with, pay
from tests.factories import dollars


def tipped(desk: Desk, tips: dict[StaffMember, str | int], kind: str = "cash", **more) -> Order:
    """A closed sale of $50.00 with these tips, paid in one way."""
    order = order_with(desk, more.get("client"), custom=50)
    amounts = {person: dollars(tip) for person, tip in tips.items()}
    set_tips(order=order, tips=amounts, desk=desk)
    pay(order, kind, dollars(50) + sum(amounts.values(), dollars(0)), desk)
    return close_order(order=order, desk=desk)


def refund_tip(order: Order, person: StaffMember, amount: str | int, desk: Desk) -> None:
    line = order.lines.get(kind="tip", staff=person)
    refund_lines(
        order=order,
        amounts={line: dollars(amount)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
        reason="Wrong tip",
    )


def pays(
    desk: Desk, amounts: dict[StaffMember, str | int], how: str = "bank", **more
) -> list[TipPayout]:
    reference = more.pop("reference", "" if how == "cash" else "No. 4711")
    return pay_tips(
        amounts={person: dollars(amount) for person, amount in amounts.items()},
        how=how,
        desk=desk,
        uuid=more.pop("uuid", None) or uuid.uuid4(),
        reference=reference,
    )


def pays_one(desk: Desk, person: StaffMember, amount: str | int, how: str = "bank") -> TipPayout:
    (payout,) = pays(desk, {person: amount}, how)
    return payout


def undoes(payout: TipPayout, desk: Desk) -> TipPayout:
    return undo_payout(payout=payout, desk=desk)


def owed(person: StaffMember) -> int:
    """Cents; below zero they owe the salon."""
    return minor(balance_of(person))
