"""Several hands at one order with real commits: cards and cash, phones and tills."""

import uuid

import pytest

from cards import attempts
from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import Order, OrderCharge, Tender
from checkout.voiding import void_order
from tests.cards.on_file_helpers import make_card
from tests.checkout.charges.helpers import (
    PHONE,
    begin,
    charge,
    charged,
    on_file,
    payments,
    sale_for,
)
from tests.checkout.helpers import pay, remaining
from tests.factories import dollars, make_client, make_desk
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well


@pytest.fixture
def desk(committing_db, processor):
    return make_desk("Olivia")


@pytest.fixture
def order(desk):
    return sale_for(desk, make_client("Clara Nuñez"))


def test_cash_and_card_race_for_the_last_forty_dollars(order, desk):
    pay(order, "cash", 45, desk)
    answers = at_once(lambda: pay(order, "cash", 40, desk), lambda: begin(order, 40, desk))
    taken = [one for one in answers if isinstance(one, Tender | OrderCharge)]
    [refused] = [one for one in answers if isinstance(one, Refused)]
    assert len(taken) == 1
    assert "Nothing was taken." in refused.message


def test_eight_phones_and_tills_speak_for_no_more_than_remains(order, desk):
    answers = at_once(*[lambda: begin(order, 30, desk, PHONE) for _ in range(8)])
    assert sum(isinstance(one, OrderCharge) for one in answers) == 2


def test_one_press_by_eight_fingers_charges_once(processor, order, desk):
    card, key = make_card(processor, order.client, desk), uuid.uuid4()
    answers = at_once(*[lambda: on_file(order, 85, desk, card, uuid=key) for _ in range(8)])
    assert len({one.pk for one in answers}) == 1
    attempts.look(answers[0].attempt)
    assert charged(processor) == [8500]
    assert payments(order) == [("charge", "$85.00", "Visa •••• 4242")]
    assert_well()


def test_a_sale_is_closed_or_charged_and_not_both(order, desk):
    pay(order, "cash", 85, desk)
    sale = sale_for(desk, None, 40)
    pay(sale, "cash", 20, desk)
    answers = at_once(
        lambda: void_order(order=sale, desk=desk, reason="Called off"),
        lambda: begin(sale, 20, desk),
    )
    assert [isinstance(one, Refused) for one in answers].count(True) == 1
    close_order(order=Order.objects.get(pk=order.pk), desk=desk)


def test_the_page_the_desk_and_the_webhook_hear_of_one_payment_at_once(processor, order, desk):
    made = charge(order, 85, desk)
    processor.pay_page(made.attempt.url)
    at_once(
        *[lambda: attempts.look(made.attempt) for _ in range(4)],
        lambda: attempts.cancel(made.attempt),
    )
    assert payments(order) == [("charge", "$85.00", "Visa •••• 4242")]
    assert remaining(order) == dollars(0)
    assert_well()
