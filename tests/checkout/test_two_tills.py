"""Two tills at once, with real connections and real commits: nothing twice, nothing below zero."""

import uuid

import pytest

from checkout.closing import close_order
from checkout.errors import Refused, StaleOrder
from checkout.models import Order, Tender
from checkout.opening import open_for_visit, set_client
from checkout.refunding import refund_lines
from ledger.balances import balance_of
from tests.checkout.helpers import books, has, order_with, pay
from tests.factories import dollars, make_appointment, make_client, make_credit, make_desk
from tests.harness.at_once import at_once


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


def test_eight_tills_spend_one_balance_and_none_of_it_twice(desk):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 100)
    orders = [order_with(desk, clara, service=30) for _ in range(8)]
    answers = at_once(*[lambda order=order: pay(order, "credits", 30, desk) for order in orders])
    taken = [answer for answer in answers if isinstance(answer, Tender)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert (len(taken), len(refused)) == (3, 5)
    assert has(clara, desk).available == dollars(10)
    assert "was just used on sale #" in refused[0].message


def test_one_payment_form_sent_by_eight_impatient_fingers_charges_once(desk):
    order = order_with(desk, make_client("Ben Okafor"), service=85)
    key = uuid.uuid4()
    answers = at_once(*[lambda: pay(order, "cash", 85, desk, key=key) for _ in range(8)])
    assert len({answer.pk for answer in answers}) == 1
    assert books() == {"cash": 8500, "open_orders": -8500}


def test_two_tills_take_the_last_of_one_order_and_one_is_told(desk):
    order = order_with(desk, make_client("Ben Okafor"), service=85)
    answers = at_once(lambda: pay(order, "cash", 85, desk), lambda: pay(order, "card", 85, desk))
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Tender"]


def test_both_tills_close_and_the_sale_counts_once(desk):
    order = order_with(desk, make_client("Ben Okafor"), service=85)
    pay(order, "cash", 85, desk)
    at_once(*[lambda: close_order(order=order, desk=desk) for _ in range(4)])
    assert books() == {"cash": 8500, "income": -8500}


def test_two_tills_check_out_one_visit_and_get_one_order(desk):
    visit = make_appointment()
    answers = at_once(*[lambda: open_for_visit(appointment=visit, desk=desk) for _ in range(4)])
    assert len({order.pk for order in answers}) == 1
    assert answers[0].lines.count() == 1


def test_a_refund_raced_by_four_tills_gives_back_what_was_paid_and_no_more(desk):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 50)
    order = order_with(desk, clara, service=50)
    pay(order, "credits", 50, desk)
    close_order(order=order, desk=desk)
    line = order.lines.get()

    def refund():
        return refund_lines(
            order=order, amounts={line: dollars(30)}, destinations={}, desk=desk, uuid=uuid.uuid4()
        )

    answers = at_once(*[refund] * 4)
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert has(clara, desk).available == dollars(30)


def test_spending_and_refunding_a_top_up_at_once_never_does_both(desk):
    clara = make_client("Clara Nuñez")
    top_up = order_with(desk, clara, credit=50)
    pay(top_up, "cash", 50, desk)
    close_order(order=top_up, desk=desk)
    visit = order_with(desk, clara, service=50)
    line = top_up.lines.get()
    at_once(
        lambda: pay(visit, "credits", 50, desk),
        lambda: refund_lines(
            order=top_up, amounts={line: dollars(50)}, destinations={}, desk=desk,
            uuid=uuid.uuid4(),
        ),
    )  # fmt: skip
    assert books() in (
        {"cash": 5000, "open_orders": -5000},  # spent first
        {},  # refunded first
    )


def test_a_page_made_before_another_till_changed_the_sale_is_told(desk):
    order = order_with(desk, make_client("Ben Okafor"), service=85)
    seen = Order.objects.get(pk=order.pk).revision
    pay(order, "cash", 40, desk)
    with pytest.raises(StaleOrder, match="another till"):
        pay(order, "card", 45, desk, revision=seen)
    with pytest.raises(StaleOrder, match="another till"):
        close_order(order=order, desk=desk, revision=seen)
    assert books() == {"cash": 4000, "open_orders": -4000}


def test_an_order_keeps_its_client_while_their_credit_stands_on_it(desk):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 50)
    order = order_with(desk, clara, service=50)
    pay(order, "credits", 20, desk)
    with pytest.raises(Refused, match="Take it back before"):
        set_client(order=order, client=make_client("Ben Okafor"), desk=desk)
    assert balance_of(clara, desk.business_date).available == dollars(30)


def test_two_tills_close_a_visit_that_its_deposit_pays_and_it_is_applied_once(desk):
    clara = make_client("Clara Nuñez")
    visit = make_appointment(clara)
    make_credit(clara, 100, source="deposit", visit=visit.pk)
    order = open_for_visit(appointment=visit, desk=desk)
    at_once(*[lambda: close_order(order=order, desk=desk) for _ in range(4)])
    assert order.tenders.count() == 1
    assert books() == {"opening": 10000, "income": -8500, "client_credit": -1500}
    assert (has(clara, desk).available, has(clara, desk).held) == (dollars(15), dollars(0))


def test_two_tills_pay_beside_a_deposit_and_it_is_applied_once(desk):
    clara = make_client("Clara Nuñez")
    visit = make_appointment(clara)
    lot = make_credit(clara, 30, source="deposit", visit=visit.pk)
    order = open_for_visit(appointment=visit, desk=desk)
    answers = at_once(lambda: pay(order, "cash", 55, desk), lambda: pay(order, "card", 55, desk))
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Tender"]
    lot.refresh_from_db()
    assert lot.remaining == 0
    assert books() == {"opening": 3000, "open_orders": -8500} | {
        answer.kind: 5500 for answer in answers if isinstance(answer, Tender)
    }
