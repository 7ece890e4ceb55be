"""Voiding a sale that a card paid: Voiding while the card waits for its money, then Voided."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.models import CardRefund
from cards.sweeping import sweep
from checkout.models import Order
from checkout.sale import find_sale
from checkout.sales_list import of_client, rows_of
from checkout.sales_search import find_sales
from checkout.voiding import void_order
from tests.checkout.charges.going_back import by_card, given_back, look
from tests.checkout.helpers import books, order_with, pay
from tests.checkout.reading import says
from tests.factories import make_browser, make_client, make_desk
from tests.harness.processor import REFUND_FAILS, REFUND_TAKES_A_WHILE
from tests.ledger.books import assert_well

NOW = dt.timedelta(0)


@pytest.fixture
def desk(committing_db, processor):
    return make_desk("Olivia")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def order(processor, desk, clara):
    """Open, $30.00 by card and $10.00 in cash on it."""
    order = order_with(desk, clara, product=40)
    by_card(processor, order, 30, desk, REFUND_TAKES_A_WHILE)
    pay(order, "cash", 10, desk)
    return order


def void(order, desk):
    return void_order(order=Order.objects.get(pk=order.pk), desk=desk, reason="Rang up twice")


def statuses(order, clara, desk):
    """What each place calls it that shows a status."""
    web = make_browser("Olivia")
    (row,) = rows_of(of_client(clara))
    (hit,) = find_sales(str(order.number), desk, 5)
    page = says(web.get(f"/sales/{order.uuid}/"))
    receipt = says(web.get(f"/sales/{order.uuid}/receipt/"))
    words = ("Voiding", "Voided")
    return [
        row.status.label,
        hit.note.rpartition(" · ")[2],
        find_sale(order.uuid).status.label,
        *(next(word for word in words if word in text) for text in (page, receipt)),
    ]


def test_it_is_voiding_everywhere_until_the_card_has_its_money(processor, desk, clara, order):
    void(order, desk)
    assert set(statuses(order, clara, desk)) == {"Voiding"}
    assert "open_orders" not in books()
    assert_well()
    processor.later()
    look(CardRefund.objects.get())
    assert set(statuses(order, clara, desk)) == {"Voided"}
    assert given_back(processor) == [3000]
    assert_well()


def test_with_the_processor_down_the_sweep_ends_it(processor, desk, clara, order):
    with processor.down():
        void(order, desk)
        assert CardRefund.objects.get().status == "waiting"
        assert find_sale(order.uuid).status.label == "Voiding"
        assert_well()
        assert len(sweep(older_than=NOW)) >= 1
        assert find_sale(order.uuid).status.label == "Voiding"
    sweep(older_than=NOW)
    processor.later()
    sweep(older_than=NOW)
    assert find_sale(order.uuid).status.label == "Voided"
    assert given_back(processor) == [3000]
    assert_well()


def test_a_card_that_refuses_ends_the_voiding_and_asks_what_to_do(processor, desk, clara):
    order = order_with(desk, clara, product=40)
    by_card(processor, order, 40, desk, REFUND_FAILS)
    void(order, desk)
    processor.later()
    look(CardRefund.objects.get())
    page = says(make_browser("Olivia").get(f"/sales/{order.uuid}/"))
    assert "The card refused $40.00" in page
    assert find_sale(order.uuid).status.label == "Voided"
    assert_well()


def test_voiding_again_sends_nothing_twice(processor, desk, order):
    void(order, desk)
    void(order, desk)
    assert CardRefund.objects.count() == 1


def test_the_page_says_what_happens_and_asks_for_nothing_by_hand(order):
    page = says(make_browser("Olivia").get(f"/sales/{order.uuid}/void/"))
    assert "$30.00 back to Visa •••• 7726, in a few days." in page
    assert "by hand" not in page


def test_the_news_bring_the_status_along(processor, desk, order):
    seen = Order.objects.get(pk=order.pk).revision
    void(order, desk)
    news = make_browser("Olivia").get(f"/sales/{order.uuid}/to-cards/?revision={seen}").text
    assert "Voiding" in news
    assert 'id="sale-status" hx-swap-oob' in news


def test_the_list_costs_the_same_with_more_that_are_voiding(processor, desk, clara, order):
    void(order, desk)
    with CaptureQueriesContext(connection) as one:
        assert len(rows_of(of_client(clara))) == 1
    for _ in range(2):
        other = order_with(desk, clara, product=40)
        by_card(processor, other, 40, desk, REFUND_TAKES_A_WHILE)
        void(other, desk)
    with CaptureQueriesContext(connection) as three:
        rows = rows_of(of_client(clara))
    assert [row.status.label for row in rows] == ["Voiding"] * 3
    assert len(three) == len(one) == 1
