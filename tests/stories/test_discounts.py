"""A returning client's discount, walked in a browser: a preset on a line, one of one's own on the
whole sale, too much of it, taken off again, paid, on the receipt.
"""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from checkout.models import Order, PresetDiscount
from tests.checkout.helpers import order_with
from tests.factories import make_client, make_desk, make_split_tax, make_staff
from tests.harness.browser import arrive, is_clean, log_in, press

pytestmark = pytest.mark.browser


@pytest.fixture
def order(live_desk) -> Order:
    """Clara's cut for $85.00 and a bottle for $43.00, with two taxes; Jo is at the desk."""
    desk = make_desk("Jo")
    make_staff("Maya", location=desk.location)
    PresetDiscount.objects.create(name="Returning client 10 %", percent=Decimal(10))
    clara = make_client("Clara Nuñez")
    return order_with(desk, clara, service=85, product=43, tax_rate=make_split_tax())


def at(page: Page, order: Order) -> Page:
    log_in(page, "Jo")
    page.goto(f"/sales/{order.uuid}/")
    return page


def test_a_returning_clients_discount(order, page):
    at(page, order)
    sheet, sale = page.locator("#sheet"), page.locator("#sale")

    page.get_by_role("link", name="Change Olaplex Product at 43").click()
    sheet.get_by_role("link", name="Discount").click()
    expect(sheet.get_by_role("heading", name="Discount on Olaplex Product at 43")).to_be_visible()
    is_clean(page, "#sheet")
    sheet.get_by_role("button", name="Returning client 10 %").click()
    expect(sheet).to_be_hidden()
    expect(sale.locator(".line-discount")).to_contain_text("−$4.30")

    # One of one's own, on the whole sale, by keyboard: too much first.
    press(page, "o")
    expect(sheet.get_by_role("heading", name="Discount on the whole sale")).to_be_visible()
    sheet.get_by_label("Percent off").fill("50")
    sheet.get_by_label("Why").fill("Long wait")
    press(page, "Enter")
    expect(sheet.get_by_text("That makes 50 % off").first).to_be_visible()
    expect(sheet.get_by_label("Why")).to_have_value("Long wait")
    sheet.get_by_label("Percent off").fill("")
    sheet.get_by_label("amount off").fill("0.01")
    press(page, "Enter")
    # The bottle has its 10 % already: not a cent more from the desk.
    expect(sheet.get_by_text("That makes 10.01 % off").first).to_be_visible()
    press(page, "Escape")

    sale.get_by_role("button", name="Take the discount off again").click()
    expect(sale.locator(".line-discount")).to_have_count(0)
    press(page, "o")
    sheet.get_by_label("amount off").fill("12.80")
    sheet.get_by_label("Why").fill("Long wait")
    press(page, "Enter")
    expect(sheet).to_be_hidden()
    expect(sale.locator(".line-all")).to_contain_text("Long wait")
    sums = page.locator("#pay .sums")
    expect(sums).to_contain_text("−$12.80")
    expect(sums).to_contain_text("City 4.5 %")
    is_clean(page)

    press(page, "k")
    expect(page.get_by_label("Cash given")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("button", name="Close sale")).to_be_focused()
    press(page, "Enter")
    arrive(page.get_by_role("heading", name="is closed"))
    press(page, "p")
    for words in ("Long wait: −$12.80", "Its share of the sale’s discount", "on $115.20"):
        expect(page.get_by_text(words).first).to_be_visible()
    is_clean(page)


@pytest.mark.parametrize("width", [390, 820])
def test_a_narrow_page_shows_discounts_whole(order, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    at(page, order)
    page.get_by_role("link", name="Discount", exact=False).last.click()
    sheet = page.locator("#sheet")
    sheet.get_by_role("button", name="Returning client 10 %").click()
    expect(page.locator(".line-all")).to_contain_text("−$12.80")
    is_clean(page)
