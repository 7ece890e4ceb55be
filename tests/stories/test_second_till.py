"""Two browsers at one order or one client: each sees what the other did; money moves once."""

import pytest
from playwright.sync_api import Page, Route, expect

from checkout.models import Order
from checkout.opening import open_order
from clients.models import Client
from ledger.balances import balance_of
from tests.checkout.helpers import order_with, pay
from tests.factories import (
    dollars,
    make_client,
    make_credit,
    make_desk,
    make_product,
    make_service,
    make_staff,
)
from tests.harness.browser import Wire, arrive, log_in, press

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Jo")


@pytest.fixture
def clara(desk) -> Client:
    clara = make_client("Clara Nuñez")
    make_credit(clara, 115)
    return clara


def at(page: Page, order: Order) -> Page:
    log_in(page, "Jo")
    page.goto(f"/sales/{order.uuid}/")
    return page


@pytest.fixture
def second(new_context) -> Page:
    return new_context().new_page()


def test_the_second_till_sees_a_line_and_keeps_what_is_being_typed(desk, clara, page, second):
    make_product("House comb", 6, brand="")
    order = order_with(desk, clara, service=85)
    first = at(page, order)
    other = at(second, order)
    other.locator("#pay-cash-1").click()
    other.get_by_label("Cash given").fill("120")

    press(first, "p")
    first.get_by_role("button", name="House comb").click()
    expect(first.locator(".remaining")).to_contain_text("$91.00")
    expect(first.get_by_text("changed at another till")).to_have_count(0)

    expect(other.get_by_text("This sale was changed at another till.")).to_be_visible()
    expect(other.locator(".remaining")).to_contain_text("$91.00")
    expect(other.get_by_label("Cash given")).to_have_value("120")
    expect(other.get_by_label("Cash given")).to_be_focused()
    expect(other.locator("[data-change-due]")).to_have_text("$29.00")
    other.get_by_role("button", name="Charge $91.00").click()
    expect(other.get_by_role("button", name="Close sale")).to_be_visible()
    expect(first.get_by_role("button", name="Close sale")).to_be_visible()


def test_the_second_till_is_told_of_credit_that_was_just_used(desk, clara, page):
    order = order_with(desk, clara, service=100)
    here = at(page, order)
    expect(here.locator(".button-credits")).to_contain_text("$115.00 available")
    elsewhere = order_with(desk, clara, service=40)
    pay(elsewhere, "credits", 40, desk)
    told = f"$40.00 of this balance was just used on sale #{elsewhere.number}."
    expect(here.get_by_text(told)).to_be_visible()
    expect(here.locator(".button-credits")).to_contain_text("$75.00 available")


def test_a_payment_faster_than_the_light_question_is_refused_and_shows_the_figure(
    desk, clara, page
):
    order = order_with(desk, clara, service=100)
    here = at(page, order)
    press(here, "c")
    expect(here.get_by_label("Amount to apply")).to_have_value("100.00")
    pay(order_with(desk, clara, service=40), "credits", 40, desk)
    press(here, "Enter")
    expect(
        here.get_by_text("has $75.00 available for this sale. Nothing was applied.")
    ).to_be_visible()
    expect(here.get_by_label("Amount to apply")).to_have_value("100.00")
    assert balance_of(clara, desk.business_date).available == dollars(75)


def test_two_quick_clicks_charge_once(desk, clara, page):
    order = order_with(desk, clara, service=100)
    here = at(page, order)
    press(here, "c")
    here.get_by_label("Amount to apply").fill("30")
    here.get_by_role("button", name="Apply $30.00 credit").dblclick()
    expect(here.locator(".tenders li")).to_have_count(1)
    assert order.tenders.count() == 1
    assert balance_of(clara, desk.business_date).available == dollars(85)


def test_a_payment_whose_answer_was_lost_is_not_offered_again(desk, clara, page):
    order = order_with(desk, clara, service=100)
    payments, questions = Wire(page, "**/payments/cash/"), Wire(page, "**/state/?*")
    here = at(page, order)
    press(here, "k")
    here.get_by_label("Cash given").fill("60")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    # The light question would find the payment, and hide the banner before it is looked for.
    questions.takes = lambda route: route.fulfill(status=204)
    payments.takes = lose_the_answer
    press(here, "Enter")
    expect(here.get_by_text("what you sent is never counted twice")).to_be_visible()
    questions.takes = Route.continue_
    told = "Your payment had arrived: Cash, $60.00."
    expect(here.get_by_text(told)).to_be_visible()
    expect(here.get_by_label("Cash given")).to_have_count(0)
    expect(here.locator(".remaining")).to_contain_text("$40.00")
    assert order.tenders.count() == 1


def test_a_proxy_that_gave_up_waiting_is_not_said_to_have_saved_nothing(desk, clara, page):
    payments = Wire(page, "**/payments/cash/")
    here = at(page, order_with(desk, clara, service=100))
    press(here, "k")
    expect(here.get_by_label("Cash given")).to_be_focused()
    payments.takes = lambda route: route.fulfill(status=504)
    press(here, "Enter")
    expect(here.get_by_text("what you sent is never counted twice")).to_be_visible()


def test_a_sale_closed_at_the_other_till_leads_to_its_page(desk, clara, page, second):
    order = order_with(desk, clara, service=85)
    first, other = at(page, order), at(second, order)
    press(first, "k")
    expect(first.get_by_label("Cash given")).to_be_focused()
    press(first, "Enter")
    expect(first.locator("#close-sale")).to_be_focused()
    press(first, "Enter")
    expect(first.get_by_role("heading", name="is closed")).to_be_visible()
    expect(other.get_by_text("What happened")).to_be_visible()


def test_a_scanner_adds_a_product_and_a_search_a_service(desk, page):
    make_product("No. 3 Hair Perfector", 30, sku="850018802123")
    make_product("No. 4 Shampoo", 32, sku="850018802147")
    make_service("Balayage", 210)
    make_service("Blow-dry", 45)
    make_staff("Maya")
    here = at(page, open_order(desk=desk))
    press(here, "p")
    expect(here.get_by_label("Find or scan a product")).to_be_focused()
    here.keyboard.type("850018802147", delay=1)
    press(here, "Enter")
    expect(here.locator(".lines")).to_contain_text("No. 4 Shampoo")
    expect(here.locator("dialog[open]")).to_have_count(0)
    press(here, "s")
    expect(here.get_by_label("Find a service")).to_be_focused()
    here.keyboard.type("bala")
    expect(here.get_by_role("button", name="Blow-dry")).to_be_hidden()
    press(here, "Enter")
    expect(here.locator(".lines")).to_contain_text("Balayage")
    expect(here.locator(".lines")).to_contain_text("Maya")


def test_credit_for_a_friend_who_is_no_client_yet(desk, clara, page):
    here = at(page, open_order(desk=desk, client=clara))
    press(here, "a")
    here.get_by_label("Amount", exact=True).fill("60")
    here.get_by_role("link", name="Credit another client").click()
    expect(here.get_by_label("Amount", exact=True)).to_have_value("60.00")
    here.get_by_role("combobox", name="Find the client to credit").fill("Hana")
    arrive(here.get_by_text("Nobody found"))
    here.get_by_role("link", name="Add a new client").click()
    expect(here.get_by_label("First name")).to_have_value("Hana")
    here.get_by_role("button", name="Add client").click()
    expect(here.get_by_label("Hana")).to_be_checked()
    here.get_by_role("button", name="Add $60.00").click()
    expect(here.get_by_text("Account Credit - Hana")).to_be_visible()
    assert Order.objects.get().client == clara


def test_escape_and_a_second_look_lose_nothing(desk, clara, page):
    here = at(page, order_with(desk, clara, service=85))
    press(here, "k")
    expect(here.get_by_label("Cash given")).to_be_focused()
    press(here, "Escape")
    expect(here.locator(".methods")).to_be_visible()
    press(here, "s")
    expect(here.locator("#sheet")).to_be_visible()
    press(here, "Escape")
    expect(here.locator("#sheet")).to_be_hidden()
    expect(here.locator("#add-service-1")).to_be_focused()
    press(here, "?")
    expect(here.get_by_text("Pay: Cash")).to_be_visible()
