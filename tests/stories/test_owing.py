"""Ben pays more than he has, and what he owes is settled at his next checkout: in a browser."""

import pytest
from playwright.sync_api import Page, expect

from checkout.models import Order
from salon.models import BusinessSettings
from tests.checkout.helpers import order_with
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_desk,
)
from tests.harness.browser import WIDTHS, arrive, is_clean, log_in, press
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    BusinessSettings.objects.update(negative_balances=True, negative_balance_limit=dollars(100))
    return make_desk("Marcus")


@pytest.fixture
def ben(desk):
    ben = make_client("Ben Okafor")
    make_credit(ben, 15, source="goodwill", expires_on=desk.business_date, restriction="services")
    make_credit(ben, 5)
    return ben


@pytest.fixture
def web(page: Page, desk) -> Page:
    return log_in(page, "Marcus")


def test_ben_owes_12_dollars_and_settles_them_next_time(web, desk, ben):
    first = order_with(desk, ben, service=32)
    web.goto(f"/sales/{first.uuid}/")
    press(web, "c")
    panel = web.locator("#panel")
    expect(panel).to_contain_text("Ben has $20.00 credit and may owe up to $100.00 more.")
    rows = panel.locator(".draws li:visible")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Services only · ends today")
    expect(panel.get_by_role("button", name="Apply $20.00 credit")).to_be_visible()

    amount = panel.get_by_label("Amount to apply")
    amount.fill("17")
    expect(rows.nth(1)).to_contain_text("$2.00")
    panel.get_by_role("button", name="All $32").click()
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text("Ben owes for the rest")
    expect(rows.nth(2)).to_contain_text("$12.00")
    is_clean(web, widths=WIDTHS)
    panel.get_by_role("button", name="Apply $20.00 credit, owe $12.00").click()
    expect(web.locator(".tenders")).to_contain_text("owes $12.00")
    web.locator("#close-sale").click()
    expect(web.get_by_role("heading", name="is closed")).to_be_visible()
    expect(web.get_by_text("owes $12.00")).to_be_visible()

    visit = make_appointment(ben, location=desk.location)
    web.goto("/")
    expect(web.locator(f"#money-of-{visit.uuid}")).to_contain_text("owes $12.00")
    web.get_by_role("button", name="Check out Ben Okafor").click()
    arrive(web.get_by_text("owes $12.00 from before"))
    web.get_by_role("button", name="Settle $12.00").click()
    expect(web.get_by_text("settled with this sale")).to_be_visible()
    expect(web.get_by_role("button", name="Settle $12.00")).to_have_count(0)
    expect(web.locator(".remaining")).to_contain_text("$97.00")
    is_clean(web, widths=WIDTHS)
    press(web, "k")
    expect(web.get_by_label("Cash given")).to_be_focused()
    web.get_by_label("Cash given").press("Enter")
    web.locator("#close-sale").click()
    expect(web.get_by_role("heading", name="is closed")).to_be_visible()
    expect(web.get_by_text("owes")).to_have_count(0)
    assert Order.objects.filter(status="closed").count() == 2
    assert_well()


def test_past_the_limit_a_manager_says_why(web, desk, ben):
    order = order_with(desk, ben, service=150)
    web.goto(f"/sales/{order.uuid}/")
    press(web, "c")
    panel = web.locator("#panel")
    panel.get_by_label("Amount to apply").fill("150")
    expect(panel.get_by_text("That is more than Ben may owe: say why, below.")).to_be_visible()
    panel.get_by_role("button", name="Apply $20.00 credit, owe $130.00").click()
    reason = panel.get_by_label("Why they may owe more")
    expect(reason).to_be_visible()
    expect(panel.get_by_label("Amount to apply")).to_have_value("150.00")
    reason.fill("Pays on the first, as agreed")
    panel.get_by_role("button", name="Apply $20.00 credit, owe $130.00").click()
    expect(web.locator("#close-sale")).to_be_visible()
    assert order.tenders.get().override_reason == "Pays on the first, as agreed"
