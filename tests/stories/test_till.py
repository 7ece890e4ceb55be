"""A till's day in a browser: the float, a sale, milk, the safe, a dollar short; and two tills."""

import pytest
from playwright.sync_api import expect

from checkout.models import CashMovement, Tender, TillSession
from checkout.tills.figures import expected_in
from salon.models import BusinessSettings
from tests.checkout.helpers import order_with, pay
from tests.factories import dollars, make_client, make_desk, make_till
from tests.harness.browser import PHONE, arrive, is_clean, log_in, press
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Marcus")


def test_a_whole_day_by_keyboard_from_the_float_to_a_dollar_short(desk, page):
    web = log_in(page, "Marcus")
    press(web, "g")
    press(web, "l")
    arrive(web.get_by_role("heading", name="Front"))
    is_clean(web)

    press(web, "o")
    arrive(web.get_by_role("heading", name="Open the till"))
    expect(web.get_by_label("$100 notes")).to_be_focused()
    web.get_by_label("$20 notes").fill("4")
    web.get_by_label("$5 notes").fill("4")
    expect(web.get_by_label("Counted in the drawer")).to_have_value("100.00")
    is_clean(web)
    web.get_by_role("button", name="Open with $100.00").click()
    expect(web.get_by_text("Front is open with $100.00.")).to_be_visible()

    order = order_with(desk, make_client("Ben Okafor"), service=85)
    pay(order, "cash", 85, desk)
    press(web, "p")
    expect(web.get_by_label("Amount")).to_be_focused()
    web.keyboard.type("15")
    web.get_by_label("An expense").check()
    web.get_by_label("Reason").fill("Milk")
    is_clean(web)
    web.get_by_role("button", name="Pay out $15.00").click()
    expect(web.get_by_text("$15.00 was paid out.")).to_be_visible()
    expect(web.locator(".amount-hero")).to_have_text("$170.00")
    expect(web.get_by_role("link", name=f"Sale #{order.number}")).to_be_visible()
    is_clean(web)

    press(web, "p")
    expect(web.get_by_label("Amount")).to_be_focused()
    web.get_by_label("Amount").fill("100")
    web.get_by_label("The safe").check()
    web.get_by_role("button", name="Pay out $100.00").click()
    expect(web.locator(".amount-hero")).to_have_text("$70.00")

    press(web, "c")
    arrive(web.get_by_label("Counted in the drawer"))
    web.get_by_label("Counted in the drawer").fill("69")
    web.get_by_label("Stays in the till").fill("50")
    expect(web.locator("[data-over]")).to_have_text("Short$1.00")
    expect(web.locator("[data-to-safe]")).to_have_text("$19.00")
    is_clean(web)
    web.get_by_role("button", name="Close the till $1.00 short").click()
    expect(web.get_by_text("Front is closed: $1.00 short.")).to_be_visible()
    expect(web.get_by_text("Counted and closed")).to_be_visible()
    is_clean(web)
    web.get_by_role("link", name="Till sessions").click()
    arrive(web.get_by_role("heading", name="Till sessions"))
    expect(web.get_by_text("$1.00 short").first).to_be_visible()
    is_clean(web)
    assert expected_in(desk.till) == 5000
    assert_well()


def test_cash_that_came_while_counting_is_told_and_the_count_kept(desk, page):
    web = log_in(page, "Marcus")
    web.goto(f"/till/{desk.till.pk}/open/")
    web.get_by_label("Counted in the drawer").fill("100")
    web.get_by_role("button", name="Open with $100.00").click()
    expect(web.locator(".amount-hero")).to_have_text("$100.00")
    press(web, "c")
    arrive(web.get_by_label("$50 notes"))
    web.get_by_label("$50 notes").fill("2")
    pay(order_with(desk, service=40), "cash", 40, desk)
    web.get_by_role("button", name="Close the till").click()
    told = "$40.00 in cash was taken since you counted. Nothing was closed."
    arrive(web.get_by_text(told).first)
    expect(web.get_by_label("$50 notes")).to_have_value("2")
    web.get_by_label("$20 notes").fill("2")
    expect(web.locator("[data-over]")).to_have_text("Right$0.00")
    web.get_by_role("button", name="Close the till").click()
    expect(web.get_by_text("Front is closed: it is right.")).to_be_visible()
    assert_well()


@pytest.mark.browser_context_args(**PHONE)
def test_a_tablet_is_set_to_the_second_till_and_opens_it_from_the_sale(desk, page):
    bar = make_till("Color bar", location=desk.location)
    BusinessSettings.objects.update(cash_needs_open_till=True)
    order = order_with(desk, make_client("Ben Okafor"), service=85)
    web = log_in(page, "Marcus")
    web.get_by_label("Till: Front").tap()
    web.get_by_role("button", name="Color bar").tap()
    expect(web.get_by_text("Cash on this device now goes to Color bar")).to_be_visible()

    web.goto(f"/sales/{order.uuid}/payments/cash/")
    web.locator("#panel").get_by_role("button", name="Charge").tap()
    web.get_by_role("link", name="Open the till").tap()
    arrive(web.get_by_role("heading", name="Open the till"))
    web.get_by_label("Counted in the drawer").fill("50")
    is_clean(web)
    web.get_by_role("button", name="Open with $50.00").tap()
    web.wait_for_url(f"**/sales/{order.uuid}/**")
    web.goto(f"/sales/{order.uuid}/payments/cash/")
    web.locator("#panel").get_by_role("button", name="Charge").tap()
    expect(web.get_by_role("button", name="Close sale").first).to_be_attached()
    assert Tender.objects.get().till == bar
    web.goto("/till/")
    expect(web.locator(".amount-hero")).to_have_text("$135.00")
    is_clean(web)
    web.get_by_role("link", name="Pay in").tap()
    expect(web.get_by_label("Amount")).to_be_visible()
    web.get_by_label("Amount").fill("10")
    web.get_by_label("The safe").check()
    web.get_by_role("button", name="Pay in $10.00").tap()
    expect(web.locator(".amount-hero")).to_have_text("$145.00")
    assert CashMovement.objects.get().till == bar
    assert TillSession.objects.get().float == dollars(50)
    assert_well()
