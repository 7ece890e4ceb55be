"""One card at two tills at once, with real connections and real commits."""

import datetime as dt
import uuid

import pytest
from django.db import transaction

from checkout.errors import Refused
from checkout.models import Tender
from checkout.opening import open_for_visit
from checkout.refunding import refund_lines
from clients.models import Client
from giftcards.blocking import block
from giftcards.models import GiftCard
from salon import clock
from tests.checkout.helpers import books, order_with
from tests.deposits.money import take_deposit
from tests.factories import dollars, make_appointment, make_client, make_desk
from tests.giftcards.helpers import fresh, sell_card, use
from tests.harness.at_once import LIMIT, at_once, start, until_waiting
from tests.ledger.books import assert_well


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


def test_two_tills_redeem_one_card_and_one_is_told(desk):
    card = sell_card(desk, 60)
    orders = [order_with(desk, service=60) for _ in range(2)]
    answers = at_once(*[lambda order=order: use(card, order, 60, desk) for order in orders])
    taken = [answer for answer in answers if isinstance(answer, Tender)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert (len(taken), len(refused)) == (1, 1)
    assert "is used up" in refused[0].message
    assert fresh(card).left == dollars(0)
    assert_well()


def test_eight_tills_take_parts_of_one_card_and_none_of_it_twice(desk):
    card = sell_card(desk, 100)
    orders = [order_with(desk, service=30) for _ in range(8)]
    answers = at_once(*[lambda order=order: use(card, order, 30, desk) for order in orders])
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 5
    assert "was just used on sale #" in refused[0].message
    assert fresh(card).left == dollars(10)


def test_redeeming_and_refunding_a_card_at_once_never_does_both(desk):
    card = sell_card(desk, 50)
    visit = order_with(desk, service=50)
    at_once(
        lambda: use(card, visit, 50, desk),
        lambda: refund_lines(
            order=card.line.order, amounts={card.line: dollars(50)}, destinations={}, desk=desk,
            uuid=uuid.uuid4(),
        ),
    )  # fmt: skip
    assert books() in (
        {"cash": 5000, "open_orders": -5000},  # redeemed first
        {},  # refunded first
    )


def test_blocking_a_card_while_it_pays_waits_for_the_payment_or_stops_it(desk):
    card = sell_card(desk, 50)
    visit = order_with(desk, service=50)
    paid, _ = at_once(
        lambda: use(card, visit, 50, desk), lambda: block(card=card, reason="Lost", desk=desk)
    )
    assert isinstance(paid, Tender | Refused)
    assert fresh(card).blocks.count() == 1
    assert_well()


def test_a_card_is_waited_for_before_a_deposit_of_the_visit_holds_its_client(desk):
    """Else it and a refund, which has the card and asks for the client, wait for each other."""
    clara, card = make_client("Clara Nuñez"), sell_card(desk, 60)
    visit = make_appointment(clara, starts_at=clock.now() + dt.timedelta(days=1))
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    with transaction.atomic():
        GiftCard.objects.select_for_update().get(pk=card.pk)
        paying = start(use, card, order, 55, desk)
        until_waiting(1)
        Client.objects.select_for_update(nowait=True, no_key=True).get(pk=clara.pk)
    assert paying.result(LIMIT).amount == dollars(55)
    assert sum(tender.amount for tender in order.tenders.all()) == dollars(85)
    assert_well()
