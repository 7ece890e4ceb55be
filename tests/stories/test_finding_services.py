"""A service is found by a few letters and added by keys; amounts have the currency's own sign."""

import pytest
from playwright.sync_api import Page, expect

from checkout.models import Order
from checkout.opening import open_order
from salon.models import ServiceOverride
from tests.factories import dollars, make_client, make_desk, make_service, make_staff
from tests.harness.browser import arrive, log_in, press

pytestmark = pytest.mark.browser


@pytest.fixture
def order(live_desk) -> Order:
    """Clara's sale, with nothing on it. A trim is dearer with Maya than with Theo."""
    desk = make_desk("Jo")
    trim = make_service("Trim", 40)
    for name, price in (("Cut & finish", 85), ("Cut short", 60), ("Gloss", 48)):
        make_service(name, price)
    for name in ("Maya", "Theo"):
        make_staff(name)
    ServiceOverride.objects.create(service=trim, staff=make_staff("Maya"), price=dollars(55))
    return open_order(desk=desk, client=make_client("Clara Nuñez"))


def open_at(page: Page, order: Order) -> None:
    log_in(page, "Jo")
    page.goto(f"/sales/{order.uuid}/")
    arrive(page.get_by_role("heading", name=f"Sale #{order.number}"))


def test_letters_arrows_and_enter_add_the_second_of_those_found(order, page):
    open_at(page, order)
    sheet = page.locator("#sheet")
    press(page, "s")
    expect(sheet.get_by_label("Find a service")).to_be_focused()
    sheet.get_by_label("Theo").check()
    expect(sheet.get_by_role("button", name="Trim")).to_contain_text("$40.00")
    sheet.get_by_label("Maya").check()
    expect(sheet.get_by_role("button", name="Trim")).to_contain_text("$55.00")

    sheet.get_by_label("Find a service").click()
    page.keyboard.type("cut")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, "ArrowDown")
    expect(sheet.get_by_role("button", name="Cut & finish")).to_be_focused()
    press(page, "ArrowDown")
    expect(sheet.locator(".htmx-request")).to_have_count(0)
    expect(sheet.get_by_role("button", name="Cut short")).to_be_focused()
    # Leaving the box is no other choice of person: the list stands as it was found.
    assert not [url for url in asked if "/state/" not in url]
    press(page, "Enter")
    expect(page.locator(".lines")).to_contain_text("Cut short")
    assert [str(line) for line in order.lines.values_list("description", flat=True)] == [
        "Cut short"
    ]


def test_what_a_button_will_do_is_said_in_the_businesss_currency(order, page, settings):
    settings.CURRENCY = "EUR"
    open_at(page, order)
    sheet = page.locator("#sheet")
    press(page, "m")
    sheet.get_by_label("Amount").fill("1200")
    expect(sheet.locator("[data-says-amount]")).to_have_text("€1,200.00")
