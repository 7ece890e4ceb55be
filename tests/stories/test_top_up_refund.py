"""Credit that was bought by card and half spent: its refund tells on what, and gives the rest."""

import pytest
from playwright.sync_api import Page, expect

from checkout.closing import close_order
from ledger.balances import balance_of
from tests.checkout.helpers import order_with, pay, sell_credit
from tests.factories import make_client, make_desk
from tests.harness.browser import arrive, is_clean, log_in

pytestmark = pytest.mark.browser


def test_the_rest_of_a_top_up_goes_back_to_its_card(live_desk, page: Page):
    desk = make_desk("Marcus")
    clara = make_client("Clara Nuñez")
    top_up = sell_credit(clara, 100, desk, kind="card")
    visit = order_with(desk, clara, service=25)
    pay(visit, "credits", 25, desk)
    close_order(order=visit, desk=desk)

    log_in(page, "Marcus")
    page.goto(f"/sales/{top_up.uuid}/")
    page.get_by_role("link", name="Refund", exact=True).click()
    told = f"$25.00 of $100.00 was spent on sale #{visit.number}; $75.00 can go back to the card."
    arrive(page.get_by_text(told))
    is_clean(page)
    page.get_by_role("button", name="Refund $75.00").click()
    expect(page.get_by_text("Closed (Partly refunded)")).to_be_visible()
    assert balance_of(clara, desk.business_date).is_empty
