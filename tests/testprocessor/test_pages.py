"""The pages that stand in for Stripe's Checkout, as a client's phone asks for them."""

import datetime as dt

import pytest

from cards.gateway import PageStatus, PaymentStatus
from salon.money import money
from tests.harness.processor import ASKS, DECLINED, NO_FUNDS, PAYS
from tests.testprocessor.asking import look

BACK = "http://127.0.0.1/sales/7/?paid={CHECKOUT_SESSION_ID}"


@pytest.fixture
def page(processor):
    return processor.gateway.open_payment_page(
        amount=money(8640),
        reference="a",
        key="k",
        description="Sale 7 <b>at the salon</b>",
        back_url=BACK,
        expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=40),
    )


def test_it_says_what_is_paid_and_that_no_money_moves(page):
    status, text = look(page.url)
    assert status == 200
    assert "Pay $86.40" in text
    assert "no real money" in text
    assert "Sale 7 &lt;b&gt;at the salon&lt;/b&gt;" in text
    assert "4242 4242 4242 4242" in text
    assert "Back without paying" in text


def test_who_has_paid_is_sent_back_with_the_page_s_id(processor, page):
    assert processor.pay_page(page) == BACK.replace("{CHECKOUT_SESSION_ID}", page.id)
    assert "$86.40 was charged once" in look(page.url)[1]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (DECLINED, "Your card was declined."),
        (NO_FUNDS, "insufficient funds"),
        ("4111 1111 1111 1111", "non test card"),
        ("4242 4242 4242 4241", "number is incorrect"),
        ("", "number is incorrect"),
    ],
)
def test_who_is_declined_may_try_again(processor, page, number, said):
    assert processor.pay_page(page, number) == page.url
    text = look(page.url)[1]
    assert said in text
    assert "Nothing was charged." in text
    processor.pay_page(page, PAYS)
    assert processor.books()["totals"]["charge"] == 8640


def test_the_bank_asks_and_the_client_confirms(processor, page):
    asking = processor.pay_page(page, ASKS, answer="")
    assert asking == f"{page.url}/confirm"
    assert "is it you?" in look(asking)[1]
    found = processor.gateway.page(page.id).payment
    assert found is not None
    assert found.status is PaymentStatus.WAITING
    processor.pay_page(page, ASKS)
    assert processor.gateway.page(page.id).status is PageStatus.COMPLETE


def test_the_bank_asks_and_the_client_does_not_confirm(processor, page):
    assert processor.pay_page(page, ASKS, answer="fail") == page.url
    assert "unable to authenticate" in look(page.url)[1]
    assert processor.books()["balance"] == {}


def test_an_expired_page_takes_nothing_and_leads_back(processor, page):
    processor.expire(page)
    text = look(page.url)[1]
    assert "This page has expired" in text
    assert "Back</a>" in text
    with pytest.raises(AssertionError, match="answers 200"):
        processor.pay_page(page)
    assert processor.books()["charges"] == []


def test_a_reader_s_page_takes_a_card_for_who_has_none(processor):
    gateway = processor.gateway
    payment = gateway.make_payment(
        amount=money(500), reference="r", key="m", description="Sale", at_reader=True
    )
    gateway.show_on_reader("tmr_back", payment.id, key="s")
    assert "Asks for $5.00." in look(f"{processor.url}/readers")[1]
    assert processor.pay_page(f"{processor.url}/readers/tmr_back").endswith("/readers")
    assert "Took $5.00." in look(f"{processor.url}/readers")[1]


def test_the_first_page_lists_the_numbers(processor):
    text = look(processor.url)[1]
    assert "4000 0000 0000 0259" in text


@pytest.mark.parametrize("path", ["/pay/cs_test_old", "/save/tmr_front", "/etc/passwd"])
def test_an_old_link_says_so(processor, path):
    status, text = look(processor.url + path)
    assert status == 404
    assert "Nothing here" in text
