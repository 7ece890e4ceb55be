"""Voiding a sale: what goes back how is said first; why is asked; then it is over."""

import datetime as dt

import pytest
from django.test import Client as Browser

from checkout.closing import close_order
from checkout.lines import add_custom
from checkout.models import Order, Refund
from checkout.opening import open_order
from tests.checkout.helpers import books, has, order_with, pay
from tests.checkout.reading import says, told
from tests.factories import dollars, make_browser, make_credit, make_desk, make_staff
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def order(desk, clara):
    """Open, with $40 credit, $20 on a card and $25 cash on it."""
    make_credit(clara, 40)
    order = order_with(desk, clara, service=85)
    pay(order, "credits", 40, desk)
    pay(order, "card", 20, desk, reference="Visa 4242")
    pay(order, "cash", 25, desk)
    return order


@pytest.fixture
def web(desk):
    return make_browser(desk.staff)


def send(web, order, **data):
    order.refresh_from_db()
    return web.post(f"/sales/{order.uuid}/void/", {"revision": order.revision, **data})


def status(order):
    return Order.objects.get(pk=order.pk).status


def test_it_says_what_goes_back_how_the_last_payment_first(web, order):
    text = says(web.get(f"/sales/{order.uuid}/void/"))
    ways = [
        "$25.00 in cash from Front till.",
        "$20.00 back to the card (Visa 4242): refund it on the card terminal by hand.",
        "$40.00 returns to Clara Nuñez’s account credit.",
    ]
    assert [text.index(way) for way in ways] == sorted(text.index(way) for way in ways)
    assert "The card terminal is not connected." in text
    assert "Void and give back $85.00" in text


def test_without_payments_it_just_voids(web, desk):
    order = open_order(desk=desk)
    text = says(web.get(f"/sales/{order.uuid}/void/"))
    assert "No payment stands on it" in text
    assert "card terminal" not in text
    assert "was voided." in told(send(web, order, reason="Opened by mistake"))


def test_voiding_gives_everything_back_and_keeps_who_and_why(web, order, desk, clara):
    response = send(web, order, reason="Rang up twice")
    assert response.url == f"/sales/{order.uuid}/"
    assert "was voided. $85.00 was given back." in told(response)
    voided = Order.objects.get(pk=order.pk)
    assert (voided.status, voided.voided_by) == (Order.Status.VOIDED, desk.staff)
    assert voided.void_reason == "Rang up twice"
    assert has(clara, desk).available == dollars(40)
    assert books() == {"opening": 4000, "client_credit": -4000}
    assert_well()


def test_the_form_sent_twice_gives_back_once(web, order):
    first = send(web, order, reason="Rang up twice")
    again = send(web, order, reason="Rang up twice")
    assert again.url == first.url
    assert Refund.objects.count() == 3


@pytest.mark.parametrize("reason", ["", "   ", "x" * 241, "\x00"])
def test_a_reason_has_to_be_given_and_fit(web, order, reason):
    response = send(web, order, reason=reason)
    assert response.status_code == 422
    assert "field-error" in response.text
    assert status(order) == "open"


@pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999"])
def test_a_form_without_its_revision_voids_nothing(web, order, revision):
    response = web.post(f"/sales/{order.uuid}/void/", {"revision": revision, "reason": "Mistake"})
    assert response.status_code == 422
    assert 'value="Mistake"' in response.text
    assert status(order) == "open"


def test_another_tills_payment_in_between_is_told_and_the_reason_kept(web, order, desk):
    order.refresh_from_db()
    stale = order.revision
    add_custom(order=order, description="Extra", amount=dollars(5), desk=desk)
    response = web.post(
        f"/sales/{order.uuid}/void/", {"revision": stale, "reason": "Rang up twice"}
    )
    assert response.status_code == 409
    assert "was changed at another till a moment ago. Nothing was voided." in says(response)
    assert 'value="Rang up twice"' in response.text
    assert status(order) == "open"
    assert send(web, order, reason="Rang up twice").status_code == 302


def test_a_closed_sale_is_refunded_and_not_voided(web, order, desk):
    close_order(order=order, desk=desk)
    response = send(web, order, reason="Too late")
    assert response.url == f"/sales/{order.uuid}/refund/"
    assert "is closed. Refund it instead of voiding it." in told(response)
    assert status(order) == "closed"


def test_without_a_till_cash_cannot_go_back_and_nothing_is_voided(web, order, desk):
    desk.location.tills.update(archived_at=dt.datetime.now(dt.UTC))
    response = send(web, order, reason="Rang up twice")
    assert response.status_code == 409
    assert "There is no till at this location" in says(response)
    assert status(order) == "open"
    assert not Refund.objects.exists()


def test_voiding_needs_its_permission(order, desk):
    jo = Browser()
    jo.force_login(make_staff("Jo", location=desk.location))
    assert jo.get(f"/sales/{order.uuid}/void/").status_code == 403
    assert send(jo, order, reason="Mistake").status_code == 403
    assert status(order) == "open"
