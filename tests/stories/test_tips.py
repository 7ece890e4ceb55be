"""A tip in the browser: one press for two people, by hand, and on the receipt."""

import pytest
from playwright.sync_api import expect

from checkout.lines import add_service
from checkout.models import Order
from checkout.opening import open_order
from tests.checkout.helpers import tips_of
from tests.factories import make_client, make_credit, make_desk, make_service, make_staff
from tests.harness.browser import (
    arrive,
    is_clean,
    log_in,
    nothing_slides_sideways,
    press,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def order(live_desk) -> Order:
    """Clara's cut with Maya and trim with Theo, $100.00; she has $150.00 of credit."""
    desk = make_desk("Jo")
    clara = make_client("Clara Nuñez")
    make_credit(clara, 150)
    order = open_order(desk=desk, client=clara)
    for name, price, staff in (("Cut & finish", 85, "Maya"), ("Trim", 15, "Theo")):
        sold = make_service(name, price)
        add_service(order=order, service=sold, staff=make_staff(staff), desk=desk)
    return order


def test_two_people_are_tipped_by_one_press_and_by_hand(order, page):
    log_in(page, "Jo")
    page.goto(f"/sales/{order.uuid}/")
    sheet = page.locator("#sheet")

    press(page, "t")
    expect(sheet.get_by_text("Of services only: $100.00, after discounts")).to_be_visible()
    is_clean(page, "#sheet")
    sheet.get_by_role("button", name="20 % $20.00").click()
    expect(page.locator(".sums")).to_contain_text("Tip$20.00")
    assert tips_of(order) == {"Maya": "17.00", "Theo": "3.00"}

    # The row of a tip opens the sheet again.
    page.get_by_role("link", name="Tip for Theo").click()
    sheet.get_by_text("Share it out by hand").click()
    sheet.get_by_label("Tip for Theo").fill("5")
    sheet.get_by_role("button", name="Set these tips").click()
    expect(page.locator(".sums")).to_contain_text("Tip$22.00")

    # By keyboard: an amount for all of it.
    expect(sheet).to_be_hidden()
    press(page, "t")
    expect(sheet.get_by_label("Tip", exact=True)).to_be_focused()
    page.keyboard.type("10")
    press(page, "Enter")
    expect(page.locator(".sums")).to_contain_text("Tip$10.00")
    assert tips_of(order) == {"Maya": "8.50", "Theo": "1.50"}

    # Credit pays the services; the tips are for another payment.
    expect(sheet).to_be_hidden()
    press(page, "c")
    expect(page.get_by_label("Amount to apply")).to_have_value("100.00")
    press(page, "Enter")
    expect(page.get_by_text("have to be paid another way. Account credit")).to_be_visible()
    press(page, "k")
    expect(page.get_by_label("Cash given")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("button", name="Close sale")).to_be_focused()
    press(page, "Enter")
    arrive(page.get_by_role("heading", name="is closed"))
    press(page, "p")
    expect(page.get_by_text("Tip for Theo")).to_be_visible()
    nothing_slides_sideways(page)
    assert_well()
