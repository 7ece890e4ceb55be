"""The card was charged: the client's tip, too much, too late, and never twice."""

import pytest

from cards import attempts
from cards.models import Attempt, CardRefund
from checkout.closing import close_order
from checkout.lines import remove_line
from checkout.models import Order, Tender
from checkout.presenting import OrderPage
from checkout.tips import share_tip
from ledger.models import Entry, Posting
from tests.checkout.charges.helpers import (
    by_client,
    charge,
    charged,
    payments,
    pays,
    sale_for,
)
from tests.checkout.helpers import books, order_with, pay, remaining, sale_of, tips_of
from tests.factories import dollars, make_desk, make_staff
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


def fresh(order):
    return Order.objects.get(pk=order.pk)


def test_the_clients_tip_is_split_by_what_the_services_cost(processor, desk, clara):
    maya, theo = make_staff("Maya"), make_staff("Theo")
    order = sale_of(desk, clara, (85, maya), (15, theo))
    pays(processor, by_client(order, 100, desk, tip=20))
    assert tips_of(order) == {"Maya": "17.00", "Theo": "3.00"}
    assert payments(order) == [("charge", "$120.00", "Visa •••• 4242")]
    assert not remaining(order)
    close_order(order=fresh(order), desk=desk)
    assert_well()


def test_the_clients_tip_is_added_to_tips_that_stand(processor, order, desk):
    share_tip(order=order, total=dollars(5), desk=desk)
    pays(processor, by_client(order, 90, desk, tip=10))
    assert tips_of(order) == {"Maya": "15.00"}
    assert not remaining(order)


def test_a_tip_that_is_nobodys_is_refused_before(processor, desk, clara):
    from checkout.errors import Refused

    order = order_with(desk, clara, product=30)
    with pytest.raises(Refused, match="No service on this sale says who gave it") as refused:
        by_client(order, 30, desk, tip=5)
    assert refused.value.field == "tip"


@pytest.mark.parametrize("tip", ["-1", "999999999"])
def test_a_tip_that_makes_no_sense_is_refused(order, desk, tip):
    from checkout.errors import Refused

    with pytest.raises(Refused, match="Check the tip"):
        by_client(order, 85, desk, tip=tip)


def test_a_tip_whose_service_went_meanwhile_is_paid_too_much(processor, order, desk):
    made = by_client(order, 85, desk, tip=10)
    remove_line(line=order.lines.get(), desk=desk)
    pays(processor, made)
    assert tips_of(order) == {}
    assert OrderPage(fresh(order), desk).overpaid == dollars(95)


def test_more_than_remains_is_recorded_and_the_sale_asks_to_take_it_back(processor, desk, clara):
    order = sale_for(desk, clara, 85)
    sale = order_with(desk, clara, custom=40)
    made = charge(sale, 40, desk)
    attempts.cancel(charge(order, 85, desk).attempt)
    remove_line(line=sale.lines.get(), desk=desk)
    pays(processor, made)
    assert OrderPage(fresh(sale), desk).overpaid == dollars(40)
    assert books()["open_orders"] == -4000


def test_by_a_phone_it_was_taken_by_who_opened_the_sale(processor, order, desk):
    made = pays(processor, by_client(order, 85, desk))
    assert made.attempt.started_by is None
    assert made.tender.taken_by == desk.staff


def test_looking_twice_records_once(processor, order, desk):
    made = pays(processor, charge(order, 85, desk))
    attempts.look(made.attempt)
    assert Tender.objects.count() == 1
    assert_well()


def test_what_is_paid_moves_the_order(processor, order, desk):
    made = charge(order, 85, desk)
    before = fresh(order).revision
    pays(processor, made)
    assert fresh(order).revision > before


def test_a_charge_that_ends_moves_the_order(order, desk):
    made = charge(order, 85, desk)
    before = fresh(order).revision
    attempts.cancel(made.attempt)
    assert fresh(order).revision > before


def test_a_charge_that_comes_after_the_sale_was_over_goes_straight_back(processor, order, desk):
    """It should not happen: closing waits for open charges. Were it to, nobody's money is lost."""
    made = charge(order, 85, desk)
    processor.pay_page(made.attempt.url)
    Order.objects.filter(pk=order.pk).update(status=Order.Status.VOIDED)
    attempts.look(made.attempt)
    assert payments(order) == []
    refund = CardRefund.objects.get()
    assert (refund.amount, refund.reference) == (dollars(85), str(order.uuid))
    entry = Entry.objects.get(key__endswith=":straight_back")
    assert sum(Posting.objects.filter(entry=entry).values_list("amount", flat=True)) == 0
    assert "all of it goes back to Visa •••• 4242" in entry.note
    assert_well()


def test_its_page_is_the_sales(order, desk):
    from cards.purposes import purpose_of

    attempt = charge(order, 85, desk).attempt
    assert purpose_of(attempt).url(attempt.reference) == f"/sales/{order.uuid}/"


def test_another_till_sees_who_charged(processor, order, desk):
    olivia = make_desk("Olivia")
    made = pays(processor, charge(order, 85, olivia))
    assert made.tender.taken_by == olivia.staff
    assert Attempt.objects.get().started_by == olivia.staff
    assert charged(processor) == [8500]


def test_cash_and_a_card_share_one_sale(processor, order, desk):
    made = charge(order, 45, desk)
    pay(order, "cash", 40, desk)
    pays(processor, made)
    close_order(order=fresh(order), desk=desk)
    assert_well()
