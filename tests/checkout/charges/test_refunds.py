"""Refunds to the card that paid: partial and repeated, never beyond the charge."""

import datetime as dt
import uuid

import pytest

from cards.models import CardRefund
from cards.sweeping import sweep
from checkout.charges.refused import in_cash
from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import Order, Refund
from checkout.refunding import refund_lines, refund_tender
from checkout.taking_back import take_back
from tests.checkout.charges.going_back import at_processor, by_card, given_back, refund, sold
from tests.checkout.charges.helpers import charge, pays
from tests.checkout.helpers import books, has, order_with, pay
from tests.factories import dollars, make_browser, make_client, make_credit, make_desk
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well

NOW = dt.timedelta(0)


@pytest.fixture
def desk(committing_db, processor):
    return make_desk("Olivia")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


def to_cards(order: Order) -> list[tuple[str, str]]:
    rows = CardRefund.objects.filter(attempt__order_charge__order=order).order_by("pk")
    return [(str(row.amount.amount), row.status) for row in rows]


def test_a_refund_goes_to_the_card_in_bits_until_nothing_is_left(processor, desk, clara):
    order = sold(processor, desk, clara)
    for amount in ("12.65", "0.01", "27.34"):
        refund(order, amount, desk)
    assert to_cards(order) == [("12.65", "done"), ("0.01", "done"), ("27.34", "done")]
    assert given_back(processor) == [1265, 1, 2734]
    with pytest.raises(Refused, match="can still be refunded"):
        refund(order, "0.01", desk)
    # Only the fee of the charge is missing at the processor.
    assert at_processor() == -books()["fees"]
    assert_well()


def test_the_card_gets_its_part_and_credit_the_other(processor, desk, clara):
    make_credit(clara, 20)
    order = order_with(desk, clara, service=60)
    pay(order, "credits", 20, desk)
    by_card(processor, order, 40, desk)
    close_order(order=order, desk=desk)
    line = order.lines.get()
    refund_lines(
        order=order, amounts={line: dollars(30)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    assert to_cards(order) == [("20.00", "done")]
    assert has(clara, desk).available == dollars(10)
    assert_well()


def test_the_same_form_again_sends_one(processor, desk, clara):
    order, name = sold(processor, desk, clara), uuid.uuid4()
    first = refund(order, 10, desk, uuid=name)
    assert refund(order, 10, desk, uuid=name) == first
    assert given_back(processor) == [1000]


def test_to_the_balance_nothing_is_sent_and_it_may_go_to_a_card_later(processor, desk, clara):
    order = sold(processor, desk, clara)
    refund(order, 10, desk, destination="balance")
    assert (given_back(processor), to_cards(order)) == ([], [])
    assert has(clara, desk).available == dollars(10)
    assert_well()


def test_of_an_open_sale_a_charge_is_taken_back_to_its_card(processor, desk, clara):
    order = order_with(desk, clara, product=40)
    tender = by_card(processor, order, 40, desk)
    for amount in (15, 25):
        take_back(
            tender=tender,
            amount=dollars(amount),
            destination="charge",
            desk=desk,
            uuid=uuid.uuid4(),
        )
    assert to_cards(order) == [("15.00", "done"), ("25.00", "done")]
    assert "open_orders" not in books()
    assert_well()


def test_an_answer_that_is_lost_is_found_by_the_sweep_and_nothing_is_sent_twice(
    processor, desk, clara
):
    order = sold(processor, desk, clara)
    processor.fault("/v1/refunds", "lost", times=-1)
    refund(order, 10, desk)
    assert to_cards(order) == [("10.00", "waiting")]
    processor.control("clear_faults")
    assert sweep(older_than=NOW) == []
    assert to_cards(order) == [("10.00", "done")]
    assert given_back(processor) == [1000]
    assert_well()


def test_two_tills_refund_the_last_dollar_once(processor, desk, clara):
    order = sold(processor, desk, clara)
    refund(order, 39, desk)
    acts = [lambda: refund(order, 1, desk)] * 2
    done = [one for one in at_once(*acts) if isinstance(one, Refund)]
    assert len(done) == 1
    assert given_back(processor) == [3900, 100]
    assert_well()


def test_a_refund_is_never_beyond_what_the_processor_has_of_the_charge(processor, desk, clara):
    """Somebody gave the money back on the processor's own pages."""
    order = sold(processor, desk, clara)
    attempt = order.charges.get().attempt
    processor.gateway.refund(attempt.payment_id, amount=dollars(30), reference="", key="by hand")
    refund(order, 20, desk)
    assert to_cards(order) == [("20.00", "refused")]
    row = CardRefund.objects.get()
    in_cash(refund=row, desk=desk)
    assert given_back(processor) == [3000]
    assert_well()


def test_without_a_processor_it_goes_back_another_way(processor, desk, clara, settings):
    order = sold(processor, desk, clara)
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(Refused, match=r"No card processor is connected\. Nothing was refunded"):
        refund(order, 10, desk)
    assert not Refund.objects.exists()
    refund(order, 10, desk, destination="balance")
    assert_well()


def test_whoever_may_not_refund_sends_nothing(processor, desk, clara):
    order = sold(processor, desk, clara)
    with pytest.raises(Refused, match="Your role may not refund"):
        refund(order, 10, make_desk("Jo"))
    assert given_back(processor) == []


def test_money_that_came_after_the_sale_was_over_is_nobody_s_to_refund(processor, desk, clara):
    order = order_with(desk, clara, product=40)
    made = charge(order, 40, desk)
    Order.objects.filter(pk=order.pk).update(status="voided")
    pays(processor, made)
    assert to_cards(order) == [("40.00", "done")]
    with pytest.raises(Refused, match="is voided"):
        refund_tender(
            tender=pay_nothing(order),
            amount=dollars(40),
            destination="charge",
            desk=desk,
            uuid=uuid.uuid4(),
        )
    assert_well()


def pay_nothing(order):
    """A payment that a crafted request makes up."""
    other = order_with(make_desk("Olivia"), None, product=40)
    tender = pay(other, "cash", 1, make_desk("Olivia"))
    tender.order = order
    return tender


def test_the_page_says_when_it_arrives(processor, desk, clara):
    order = sold(processor, desk, clara)
    page = make_browser("Olivia").get(f"/sales/{order.uuid}/refund/?all").text
    assert "Visa •••• 4242" in page
    assert "$40.00 back to Visa •••• 4242, in a few days." in page
    assert "on the card terminal" not in page


@pytest.mark.parametrize("destination", ["card", "credits", "check", "nowhere", "charge "])
def test_a_way_that_no_page_offers_is_refused(processor, desk, clara, destination):
    order = sold(processor, desk, clara)
    with pytest.raises(Refused, match="cannot go back that way"):
        refund(order, 10, desk, destination=destination)
    assert to_cards(order) == []


def test_a_cash_payment_cannot_go_back_to_a_card(processor, desk, clara):
    order = order_with(desk, clara, product=40)
    pay(order, "cash", 40, desk)
    close_order(order=order, desk=desk)
    with pytest.raises(Refused, match="cannot go back that way"):
        refund(order, 10, desk)
