"""A tablet at the front desk: Marcus takes over from Jo by PIN, finds what was open last by one
key, and the search leads wherever one types."""

import pytest
from playwright.sync_api import expect

from checkout.models import Order
from salon import pins
from salon.models import BusinessSettings
from tests.factories import PASSWORD, make_client, make_product, make_staff
from tests.harness.browser import (
    all_is_there,
    arrive,
    is_clean,
    log_in,
    nothing_slides_sideways,
    press,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def tablet(live_desk, page):
    for name, pin in (("Jo", "4711"), ("Marcus", "3816")):
        pins.set_pin(staff=make_staff(name), pin=pin)
    make_client("Clara Nuñez")
    make_product()
    return log_in(page, "Jo")


def test_marcus_takes_over_and_goes_on_with_the_sale(tablet):
    page = tablet
    # `/`, a product, Enter: a sale with it.
    press(page, "/")
    page.keyboard.type("olap")
    expect(page.get_by_role("option", name="Olaplex")).to_be_visible()
    press(page, "ArrowDown")
    press(page, "Enter")
    expect(page.locator(".lines")).to_contain_text("No. 3 Hair Perfector")
    sale = page.url

    # A key, a name, the PIN.
    press(page, "u")
    arrive(page.get_by_role("heading", name="Switch person"))
    is_clean(page)
    page.get_by_label("Marcus").check()
    expect(page.get_by_label("PIN")).to_be_focused()
    page.keyboard.type("3816")
    press(page, "Enter")
    page.wait_for_url(sale)
    expect(page.get_by_text("Marcus is at the desk.")).to_be_visible()

    # Marcus opens Clara; from anywhere `v` goes back to her, and `z` to the sale.
    press(page, "/")
    page.keyboard.type("clara")
    expect(page.get_by_role("option", name="Clara Nuñez")).to_be_visible()
    press(page, "ArrowDown")
    press(page, "Enter")
    arrive(page.get_by_role("heading", name="Clara Nuñez"))
    press(page, "z")
    page.wait_for_url(sale)
    press(page, "v")
    arrive(page.get_by_role("heading", name="Clara Nuñez"))
    nothing_slides_sideways(page)
    order = Order.objects.get()
    assert str(order.opened_by) == "Jo"

    # A page that goes by itself once nobody was there for a minute.
    BusinessSettings.objects.update(pin_minutes=1)
    page.clock.install()
    page.reload()
    # Whatever asks the server later would count as somebody being there.
    all_is_there(page)
    session = page.context.cookies()
    assert session
    from django.contrib.sessions.models import Session

    for row in Session.objects.all():
        data = row.get_decoded()
        data["seen"] = data.get("seen", 0) - 120
        row.session_data = Session.objects.encode(data)
        row.save()
    page.clock.run_for(62_000)
    arrive(page.get_by_role("heading", name="The desk is locked"))
    expect(page.get_by_label("Marcus")).to_be_checked()
    expect(page.get_by_text("Clara")).to_have_count(0)
    expect(page.get_by_label("PIN")).to_be_focused()
    page.keyboard.type("3816")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Clara Nuñez")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_another_pin_is_chosen_and_a_wrong_one_is_told(tablet, width):
    page = tablet
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/pin/")
    is_clean(page)
    page.get_by_label("New PIN").fill("7")
    page.get_by_role("button", name="Change PIN").click()
    arrive(page.get_by_role("heading", name="Your PIN was not changed"))
    is_clean(page)
    for label, text in (("New PIN", "2907"), ("The same PIN again", "2907")):
        page.get_by_label(label).fill(text)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Change PIN").click()
    arrive(page.get_by_text("Your PIN is set."))
    is_clean(page)

    page.goto("/switch/")
    is_clean(page)
    page.get_by_label("Marcus").check()
    expect(page.get_by_label("PIN")).to_be_focused()
    page.keyboard.type("2907")
    press(page, "Enter")
    arrive(page.get_by_role("heading", name="Nobody was switched"))
    is_clean(page)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_search_has_a_page_of_its_own(tablet, width):
    page = tablet
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/search/")
    expect(page.get_by_label("Search everything").last).to_be_focused()
    is_clean(page)
    page.keyboard.type("clara")
    press(page, "Enter")
    arrive(page.locator("#main").get_by_role("link", name="Clara Nuñez"))
    is_clean(page)
    page.locator("#page-search").fill("nobody at all")
    page.locator("#page-search").press("Enter")
    arrive(page.get_by_text("Nothing found"))
    is_clean(page)
