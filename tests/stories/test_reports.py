"""A manager reads reports in a browser: days in one press, what ties, down to an entry's legs."""

import pytest
from playwright.sync_api import Page, expect

from ledger.kinds import Source
from tests.checkout.helpers import order_with, pay
from tests.factories import make_client, make_credit, make_debt, make_desk
from tests.harness.browser import is_clean, log_in

pytestmark = pytest.mark.browser

PHONE_AND_TABLET = (390, 820)


@pytest.fixture
def story(live_desk) -> None:
    """Clara has bought and been given credit and used some; somebody with a long name owes."""
    clara = make_client("Clara Nuñez")
    make_credit(clara, 80)
    make_credit(clara, 15, source=Source.GOODWILL)
    make_debt(make_client("Bartholomew Featherstonehaugh-Cholmondeley"), 12)
    desk = make_desk("Marcus")
    pay(order_with(desk, clara, service=50), "credits", 50, desk)
    pay(order_with(desk, clara, service=20), "cash", 20, desk)


def ties(page: Page) -> None:
    expect(page.get_by_text("ties to the trial balance").first).to_be_visible()


def test_reports_are_read_down_to_an_entry(story, page):
    log_in(page, "Marcus")
    page.goto("/reports/")
    is_clean(page, widths=PHONE_AND_TABLET)

    page.get_by_role("link", name="Client Account Usage").click()
    ties(page)
    page.get_by_role("link", name="Yesterday").click()
    expect(page.get_by_text("No account credit was used")).to_be_visible()
    page.get_by_role("link", name="This year").click()
    expect(page.get_by_role("row").filter(has_text="Clara Nuñez")).to_contain_text("$50.00")
    is_clean(page, widths=PHONE_AND_TABLET)

    page.goto("/reports/balances/")
    page.get_by_label("Client", exact=True).fill("cholm")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Client", exact=True)).to_have_value("cholm")
    expect(page.get_by_text("1 client", exact=True)).to_be_visible()
    is_clean(page, widths=PHONE_AND_TABLET)

    page.goto("/reports/trial-balance/")
    ties(page)
    page.get_by_role("link", name="Open orders").click()
    page.get_by_role("link", name="Payment").first.click()
    expect(page.get_by_role("heading", name="Payment")).to_be_visible()
    is_clean(page, widths=PHONE_AND_TABLET)

    for name in ("ious", "gift-cards", "breakage"):
        page.goto(f"/reports/{name}/?period=year")
        ties(page)
        is_clean(page, widths=PHONE_AND_TABLET)
