"""What a card can pay today, and whether it may. Reading only."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, Sum
from djmoney.money import Money

from checkout.errors import Refused
from giftcards.models import GiftCard
from ledger.models import Lot
from salon import permissions
from salon.desk import Desk
from salon.money import money


@dataclass(frozen=True)
class Status:
    """How a card stands, in a word; `value` chooses the chip's look."""

    value: str
    label: str


ACTIVE = Status("active", "Active")
SPENT = Status("spent", "Used up")
BLOCKED = Status("blocked", "Blocked")
EXPIRED = Status("expired", "Expired")


def status_of(card: GiftCard) -> Status:
    """Of a card from GiftCardQuerySet.standing(). No queries."""
    if card.is_blocked:  # type: ignore[attr-defined]
        return BLOCKED
    if card.spendable:  # type: ignore[attr-defined]
        return ACTIVE
    return EXPIRED if card.left else SPENT


def may_see_code(card: GiftCard, desk: Desk) -> bool:
    """Who may refund sales; anybody at the desk on the day it was sold, to hand it over."""
    if desk.staff is not None and desk.staff.has_perm(permissions.REFUND_SALES):
        return True
    return card.line is not None and card.line.order.business_date == desk.business_date


def spendable(card: GiftCard, today: dt.date) -> Money:
    """What of it is not spent and has not expired. One query."""
    lots = Lot.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=today), account=card.account_id, is_open=True
    )
    return money(lots.aggregate(total=Sum("remaining"))["total"] or 0)


def check_usable(card: GiftCard, today: dt.date) -> Money:
    """What it can pay. Raises Refused, in the desk's words, where that is nothing.

    Three queries at most.
    """
    name = f"Gift card {card.masked}"
    if card.account_id is None:
        raise Refused(
            f"{name} is not sold yet: its sale is still open, or was voided. Nothing was taken.",
            field="code",
        )
    block = card.blocks.filter(lifted_at__isnull=True).first()
    if block is not None:
        raise Refused(
            f"{name} is blocked: {block.reason}. Nothing was taken. A manager can unblock it on "
            "its page under Gift cards.",
            field="code",
        )
    left = spendable(card, today)
    if left:
        return left
    if card.left:
        raise Refused(
            f"{name} has expired; {card.left} is no longer to be spent. Take another payment.",
            field="code",
        )
    raise Refused(f"{name} is used up. Nothing was taken. Take another payment.", field="code")
