"""A gift for services that ends: given at the client's page, seen, and spent first."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from salon import said
from tests.checkout.helpers import has, order_with
from tests.factories import dollars, make_client, make_credit, make_desk, make_role
from tests.harness.browser import WIDTHS, arrive, is_clean, log_in, press

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Marcus")


@pytest.fixture
def web(page: Page, desk) -> Page:
    return log_in(page, "Marcus")


def test_a_gift_for_services_is_given_pointed_out_and_spent_first(web, desk):
    make_role("Manager", adjustment_limit=dollars(100))
    clara = make_client("Clara Nuñez")
    make_credit(clara, 40)
    ends = desk.business_date + dt.timedelta(days=5)

    web.goto(f"/clients/{clara.pk}/payment-methods/")
    web.get_by_role("link", name="Adjust balance").click()
    sheet = web.locator("#sheet")
    sheet.get_by_label("Amount").fill("15")
    sheet.get_by_text("Terms of a gift").click()
    sheet.get_by_label("Services only").check()
    sheet.get_by_label("Last day").fill(str(desk.business_date - dt.timedelta(days=1)))
    sheet.get_by_label("Gift", exact=True).check()
    sheet.get_by_role("button", name="Adjust balance").click()
    expect(sheet.get_by_text("That day is over.").first).to_be_visible()
    expect(sheet.get_by_label("Amount")).to_have_value("15.00")
    is_clean(web, widths=WIDTHS)
    sheet.get_by_label("Last day").fill(str(ends))
    sheet.get_by_role("button", name="Adjust balance").click()
    gift = web.get_by_role("row").filter(has_text="Goodwill")
    expect(gift).to_contain_text("Services only")
    expect(gift).to_contain_text(said.day(ends, desk.business_date))

    web.get_by_role("link", name="Overview").click()
    arrive(web.get_by_text(f"$15.00 gift for services ends on {ends:%A}"))
    order = order_with(desk, clara, service=20)
    web.goto(f"/sales/{order.uuid}/")
    press(web, "c")
    expect(web.locator("#panel")).to_contain_text(
        f"Uses the $15.00 gift for services that ends on {ends:%A} first."
    )
    web.get_by_role("button", name="Apply $20.00 credit").click()
    web.locator("#close-sale").click()
    expect(web.get_by_role("heading", name="is closed")).to_be_visible()
    assert has(clara, desk).available == dollars(35)
