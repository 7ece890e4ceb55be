"""The liability in a browser: from a figure to the entries behind it, at any width."""

from playwright.sync_api import Page, expect

from tests.checkout.helpers import order_with, pay, sell_credit
from tests.factories import make_client, make_credit, make_desk
from tests.harness.browser import is_clean, is_well, log_in


def test_from_the_figure_to_the_sale_behind_it(page: Page, live_desk):
    desk, clara = make_desk("Olivia"), make_client("Clara Nuñez")
    sell_credit(clara, 100, desk)
    make_credit(clara, 20, source="goodwill", desk=desk)
    order = order_with(desk, clara, service=110)
    pay(order, "credits", 110, desk)
    log_in(page, "olivia")
    page.goto("/reports/liability/")
    expect(page.get_by_text("Client credit ties to the trial balance").first).to_be_visible()
    page.get_by_text("By source: Used").click()
    expect(page.locator(".roll-parts[open]").get_by_role("link", name="Goodwill")).to_be_visible()
    is_well(page)
    page.get_by_role("link", name="Used", exact=True).click()
    expect(page.get_by_text("$110.00 less")).to_be_visible()
    is_clean(page, widths=[390, 1440])
    page.get_by_role("link", name=f"Sale #{order.number}").click()
    page.wait_for_url(f"**/{order.uuid}/**")
    page.goto("/reports/dormant/")
    is_clean(page)
