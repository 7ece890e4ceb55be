"""A tip in the browser: one press for two people, by hand, and on the receipt."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from checkout.lines import add_service
from checkout.models import LineItem, Order
from checkout.opening import open_order
from tests.factories import (
    PASSWORD,
    make_client,
    make_credit,
    make_desk,
    make_service,
    make_staff,
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


def tips() -> dict[str, str]:
    lines = LineItem.objects.filter(kind="tip").select_related("staff")
    return {str(line.staff): str(line.amount.amount) for line in lines}


def log_in(page: Page) -> None:
    page.goto("/login/")
    page.locator("#id_username").fill("jo")
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)


def test_two_people_are_tipped_by_one_press_and_by_hand(order, page):
    log_in(page)
    page.goto(f"/sales/{order.uuid}/")
    sheet = page.locator("#sheet")

    page.keyboard.press("t")
    expect(sheet.get_by_text("Of services only: $100.00, after discounts")).to_be_visible()
    assert not Axe().run(page, "#sheet").response["violations"]
    sheet.get_by_role("button", name="20 % $20.00").click()
    expect(page.locator(".sums")).to_contain_text("Tip$20.00")
    assert tips() == {"Maya": "17.00", "Theo": "3.00"}

    # The row of a tip opens the sheet again.
    page.get_by_role("link", name="Tip for Theo").click()
    sheet.get_by_text("Share it out by hand").click()
    sheet.get_by_label("Tip for Theo").fill("5")
    sheet.get_by_role("button", name="Set these tips").click()
    expect(page.locator(".sums")).to_contain_text("Tip$22.00")

    # By keyboard: an amount for all of it.
    expect(sheet).to_be_hidden()
    page.keyboard.press("t")
    expect(sheet.get_by_label("Tip", exact=True)).to_be_focused()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.locator(".sums")).to_contain_text("Tip$10.00")
    assert tips() == {"Maya": "8.50", "Theo": "1.50"}

    # Credit pays the services; the tips are for another payment.
    expect(sheet).to_be_hidden()
    page.keyboard.press("c")
    expect(page.get_by_label("Amount to apply")).to_have_value("100.00")
    page.keyboard.press("Enter")
    expect(page.get_by_text("have to be paid another way. Account credit")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_label("Cash given")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close sale")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="is closed")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text("Tip for Theo")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_well()
