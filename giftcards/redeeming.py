"""Paying with a gift card: a payment that draws the card's lots."""

import uuid as uuids

from djmoney.money import Money

from checkout.models import Order, Tender
from checkout.tendering import take_tender
from giftcards.models import GiftCard
from giftcards.selling import KIND
from salon.desk import Desk


def redeem(
    *,
    order: Order,
    card: GiftCard,
    amount: Money,
    desk: Desk,
    uuid: uuids.UUID,
    revision: int | None = None,
) -> Tender:
    """Apply `amount` of a card to an open order; it is gone from the card at once.

    Locks the order, then the card, then its account. Raises Refused, in the desk's words: blocked,
    used up, less on it, or nothing on the sale that a gift card may pay for.
    """
    return take_tender(
        order=order,
        kind=KIND,
        amount=amount,
        reference=card.code,
        desk=desk,
        uuid=uuid,
        revision=revision,
    )
