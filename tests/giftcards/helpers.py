"""Gift cards in the tests: sold and used by the real verbs."""

import uuid

from checkout.closing import close_order
from checkout.models import Order, Tender
from checkout.opening import open_order
from clients.models import Client
from giftcards.models import GiftCard
from giftcards.redeeming import redeem
from giftcards.selling import Gift, add_gift_card
from salon.desk import Desk
from tests.checkout.helpers import order_with, pay
from tests.factories import dollars


def order_for_card(
    desk: Desk, amount: str | int = 100, client: Client | None = None, **gift
) -> Order:
    """An open order with a gift card on it; printed, unless `gift` says otherwise."""
    order = open_order(desk=desk, client=client)
    add_gift_card(order=order, amount=dollars(amount), gift=Gift(**gift), desk=desk)
    return order


def sell_card(
    desk: Desk, amount: str | int = 100, kind: str = "cash", client: Client | None = None, **gift
) -> GiftCard:
    """A card that is paid and issued."""
    order = order_for_card(desk, amount, client, **gift)
    pay(order, kind, amount, desk)
    close_order(order=order, desk=desk)
    return card_of(order)


def card_of(order: Order) -> GiftCard:
    return GiftCard.objects.select_related("account").get(line__order=order)


def fresh(card: GiftCard) -> GiftCard:
    return GiftCard.objects.select_related("account").get(pk=card.pk)


def use(card: GiftCard, order: Order, amount: str | int, desk: Desk, **more) -> Tender:
    return redeem(
        order=order,
        card=card,
        amount=dollars(amount),
        desk=desk,
        uuid=more.pop("key", uuid.uuid4()),
        **more,
    )


def spend(card: GiftCard, amount: str | int, desk: Desk, client: Client | None = None) -> Order:
    """A closed sale of a service that the card paid for."""
    order = order_with(desk, client, service=amount)
    use(card, order, amount, desk)
    return close_order(order=order, desk=desk)
