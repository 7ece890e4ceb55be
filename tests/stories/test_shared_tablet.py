"""A tablet at the front desk: Marcus takes over from Jo by PIN, finds what was open last by one
key, and the search leads wherever one types."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from checkout.models import Order
from salon import pins
from salon.models import BusinessSettings
from tests.factories import PASSWORD, make_client, make_product, make_staff

pytestmark = pytest.mark.browser


@pytest.fixture
def tablet(live_desk, page):
    for name, pin in (("Jo", "4711"), ("Marcus", "3816")):
        pins.set_pin(staff=make_staff(name), pin=pin)
    make_client("Clara Nuñez")
    make_product()
    page.goto("/login/")
    page.locator("#id_username").fill("jo")
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def test_marcus_takes_over_and_goes_on_with_the_sale(tablet):
    page, keys = tablet, tablet.keyboard
    # `/`, a product, Enter: a sale with it.
    keys.press("/")
    keys.type("olap")
    expect(page.get_by_role("option", name="Olaplex")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator(".lines")).to_contain_text("No. 3 Hair Perfector")
    sale = page.url

    # A key, a name, the PIN.
    keys.press("u")
    expect(page.get_by_role("heading", name="Switch person")).to_be_visible()
    assert not Axe().run(page).response["violations"]
    page.get_by_label("Marcus").check()
    expect(page.get_by_label("PIN")).to_be_focused()
    keys.type("3816")
    keys.press("Enter")
    page.wait_for_url(sale)
    expect(page.get_by_text("Marcus is at the desk.")).to_be_visible()

    # Marcus opens Clara; from anywhere `v` goes back to her, and `z` to the sale.
    keys.press("/")
    keys.type("clara")
    expect(page.get_by_role("option", name="Clara Nuñez")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Clara Nuñez")).to_be_visible()
    keys.press("z")
    page.wait_for_url(sale)
    keys.press("v")
    expect(page.get_by_role("heading", name="Clara Nuñez")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    order = Order.objects.get()
    assert str(order.opened_by) == "Jo"

    # A page that goes by itself once nobody was there for a minute.
    BusinessSettings.objects.update(pin_minutes=1)
    page.clock.install()
    page.reload()
    session = page.context.cookies()
    assert session
    from django.contrib.sessions.models import Session

    for row in Session.objects.all():
        data = row.get_decoded()
        data["seen"] = data.get("seen", 0) - 120
        row.session_data = Session.objects.encode(data)
        row.save()
    page.clock.run_for(62_000)
    expect(page.get_by_role("heading", name="The desk is locked")).to_be_visible()
    expect(page.get_by_label("Marcus")).to_be_checked()
    expect(page.get_by_text("Clara")).to_have_count(0)
    keys.type("3816")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Clara Nuñez")).to_be_visible()
