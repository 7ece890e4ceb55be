"""What is left of a deposit when its visit's sale closes: it becomes credit, or the card gets it.

The visit is over then, so nothing may stay held for it: nobody could ever spend it. It becomes
account balance unless somebody chose the card, and what the card cannot take back becomes balance
in any case.
"""

import uuid as uuids
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from djmoney.money import Money

from checkout import words
from checkout.errors import Refused, StaleOrder
from checkout.models import Order, RefundPart
from checkout.refunding import refund_to_card
from checkout.sold_lots import CardPart, for_cards, lock_sales_of, lots_held_for
from checkout.tender_kinds import CARD, kind_of
from ledger.errors import LotMoved
from ledger.models import Lot, Posting
from ledger.posting import Cause
from ledger.releasing import release
from salon import permissions, said
from salon.desk import Desk
from salon.money import money

# Derives the key of each refund from the order that closed: at most so many deposits go back.
_REFUNDS = uuids.UUID("c0a3f1c2-7ce4-4f6f-8a5a-0a4f6c0c6a51")
_MOST = 20

REASON = "Left of the deposit"


@dataclass(frozen=True)
class LeftOver:
    """What the desk is asked at Close. `refused`: why none of it can go to the card."""

    amount: Money
    to_card: Money
    card: str
    refused: str = ""

    @property
    def rest(self) -> Money:
        """What becomes balance although the card is chosen."""
        return self.amount - self.to_card


def held_for(order: Order) -> list[Lot]:
    """All that is held for the order's visit, whoever's it is. One query, none without a visit."""
    return lots_held_for(order.appointment_id)


def left_over_of(order: Order, used: Mapping[int, int], desk: Desk) -> LeftOver | None:
    """What will be left once the order has used so much of its lots (minor units by id).

    None where nothing is. One query, and two more and three for each sale that sold a deposit.
    """
    lots = [lot for lot in held_for(order) if lot.remaining > used.get(lot.pk, 0)]
    if not lots:
        return None
    left = {lot.pk: lot.remaining - used.get(lot.pk, 0) for lot in lots}
    to_card, references = 0, []
    for part in _for_cards(lots, left):
        to_card += part.cents
        references += part.references
    amount = money(sum(left.values()))
    refused = _why_not(to_card, desk)
    cards = ", ".join(dict.fromkeys(filter(None, references))) if to_card else ""
    return LeftOver(amount, money(0 if refused else to_card), cards, refused)


def _why_not(to_card: int, desk: Desk) -> str:
    if not to_card:
        return "It was not paid by card."
    if desk.staff is None or not desk.staff.has_perm(permissions.REFUND_SALES):
        return "Your role may not refund. Ask a manager or an owner."
    return ""


def lock_sales(order: Order) -> None:
    """Lock the sales that sold what is held for the order's visit, by id. Four queries at most.

    Before anything of the order is posted: refunding them locks them too, and an order's row comes
    before any account.
    """
    lock_sales_of(held_for(order))


def settle_left_over(order: Order, choice: str, desk: Desk) -> None:
    """Part of closing the locked order: nothing stays held for its visit.

    `choice`: CARD refunds what its cards can take back, out of these very lots; anything else keeps
    it all as balance. Raises Refused, and with it the order stays open.
    """
    lots = held_for(order)
    if lots and choice == CARD:
        _to_cards(order, lots, desk)
        lots = held_for(order)
    try:
        release(
            lots=lots,
            desk=desk,
            key=_release_key(order),
            reason=REASON,
            cause=Cause("order", str(order.uuid)),
        )
    except LotMoved as moved:
        raise StaleOrder(
            "The deposit was changed at another till a moment ago. The sale stays open: look it "
            "over and close it again."
        ) from moved


def told(order: Order) -> list[str]:
    """What became of it, for the page after Close. Two queries, none for a sale without a visit."""
    if order.appointment_id is None:
        return []
    keys = [_refund_key(order, n) for n in range(_MOST)]
    parts = RefundPart.objects.filter(refund__uuid__in=keys).select_related(
        "tender", "refund__order"
    )
    sentences = [_told_of(part) for part in parts]
    released = Posting.objects.filter(entry__key=_release_key(order), amount__lt=0)
    if cents := -sum(released.values_list("amount", flat=True)):
        sentences.append(f"{said.amount(money(cents))} left of the deposit is account balance now.")
    return sentences


def _told_of(part: RefundPart) -> str:
    card = f" ({part.tender.reference})" if part.tender.reference else ""
    amount, number = said.amount(part.amount), part.refund.order.number
    if when := kind_of(part.tender).when_back:
        return (
            f"{amount} goes back to {words.payment(part.tender)}, {when}: it is left of the "
            f"deposit of sale #{number}."
        )
    return (
        f"Give {amount} back to the card{card} on its terminal: it is left of the deposit of sale "
        f"#{number}."
    )


def _to_cards(order: Order, lots: list[Lot], desk: Desk) -> None:
    """Refund what these lots can give back to the cards that paid for them. Refused for nothing."""
    done = 0
    for part in _for_cards(lots, {lot.pk: lot.remaining for lot in lots}):
        refund_to_card(
            line=part.line,
            within=part.lots,
            amount=money(part.cents),
            desk=desk,
            uuid=_refund_key(order, done),
            reason=f"{REASON}, sale #{order.number}",
        )
        done += 1
    if not done:
        raise Refused(
            "What is left of the deposit was not paid by card, so none of it can go back to one. "
            "The sale stays open: keep it as account balance."
        )


def _for_cards(lots: Iterable[Lot], left: Mapping[int, int]) -> Iterator[CardPart]:
    """What of these lots can go back to cards, with so much `left` in each. At most _MOST parts."""
    return islice(for_cards(lots, left), _MOST)


def _release_key(order: Order) -> str:
    return f"order:{order.uuid}:release"


def _refund_key(order: Order, n: int) -> uuids.UUID:
    return uuids.uuid5(_REFUNDS, f"{order.uuid}:{n}")
