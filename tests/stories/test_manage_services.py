"""A manager gives Maya a price and a time of her own; the book and the checkout know at once."""

import pytest
from playwright.sync_api import Page, expect

from appointments.models import Appointment
from clients.models import Client
from salon.models import Service
from tests.factories import (
    make_category,
    make_client,
    make_location,
    make_service,
    make_staff,
)
from tests.harness.browser import (
    WIDTHS,
    arrive,
    is_clean,
    log_in,
    nothing_slides_sideways,
    press,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def cut(live_desk) -> Service:
    """Maya and Theo give a cut at Midtown; Clara wants one; Marcus manages."""
    location = make_location()
    make_location("Riverside")
    make_staff("Marcus", location=location)
    cut = make_service("Cut & finish", 85, minutes=60)
    cut.staff.set([make_staff("Maya", location=location), make_staff("Theo", location=location)])
    make_service("Gloss", 48, minutes=30, category=make_category("Color"))
    make_client("Clara Nuñez")
    return cut


def is_well(page: Page) -> None:
    """Nothing that axe minds, nothing beside the screen, at three widths and in the dark."""
    page.wait_for_load_state()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        nothing_slides_sideways(page)
        small = page.evaluate(
            """Array.from(document.querySelectorAll('main a.button, main button, main summary'))
               .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 43.5)
               .map(e => e.textContent.trim())"""
        )
        assert not small, (width, small)
    for scheme in ("dark", "light"):
        # Without motion: a color on its way to another one has no contrast to speak of.
        page.emulate_media(color_scheme=scheme)
        is_clean(page)


def test_a_price_of_her_own_is_set_and_counts_in_the_book_and_at_checkout(cut, page):
    log_in(page, "Marcus")
    press(page, "g")
    press(page, "a")
    arrive(page.get_by_role("heading", name="Services"))
    is_well(page)
    page.get_by_label("Search services").fill("cut")
    expect(page.get_by_role("link", name="Gloss")).to_have_count(0)
    page.get_by_role("link", name="Cut & finish").click()
    arrive(page.get_by_role("heading", name="Cut & finish"))
    is_well(page)

    # A slip first: it is told, and what was typed is still there.
    page.locator("summary", has_text="Customize Maya").click()
    page.get_by_label("Price with Maya").fill("-95")
    page.get_by_label("Minutes with Maya").fill("75")
    page.get_by_role("button", name="Update Service").click()
    expect(page.get_by_role("heading", name="Nothing was saved")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("link", name="Price with Maya: Enter the amount").click()
    expect(page.get_by_label("Price with Maya")).to_be_focused()
    expect(page.get_by_label("Minutes with Maya")).to_have_value("75")
    is_well(page)
    page.get_by_label("Price with Maya").fill("95")
    page.get_by_label("Price with Maya").press("Enter")
    expect(page.get_by_text("Cut & finish is updated.")).to_be_visible()
    expect(page.get_by_text("Maya’s own price and time")).to_be_visible()

    # The book says how long it takes her.
    page.goto(f"/visits/new/?client={Client.objects.get().pk}")
    page.get_by_label("Service", exact=True).select_option(str(cut.pk))
    minutes = page.locator("[name=row-0-minutes]")
    page.get_by_label("With", exact=True).select_option(label="Theo")
    expect(minutes).to_have_attribute("placeholder", "60")
    page.get_by_label("With", exact=True).select_option(label="Maya")
    expect(minutes).to_have_attribute("placeholder", "75")
    page.get_by_role("button", name="Add visit").click()
    page.wait_for_url("**/#visit-*")
    row = Appointment.objects.get().services.get()
    assert (row.ends_at - row.starts_at).total_seconds() == 75 * 60

    # The visit's sale has her price; another person brings another one, in the list too.
    page.goto(f"/visits/{row.appointment.uuid}/edit/")
    page.get_by_role("button", name="Check out").click()
    page.wait_for_url("**/sales/*/**")
    expect(page.locator(".lines")).to_contain_text("$95.00")
    expect(page.locator(".lines")).to_contain_text("75 min")
    press(page, "s")
    sheet = page.locator("#sheet")
    price = sheet.locator("li", has_text="Cut & finish").locator(".amount")
    expect(price).to_have_text("$95.00")
    sheet.get_by_label("Find a service").fill("cut")
    sheet.get_by_label("Theo").check()
    expect(price).to_have_text("$85.00")
    expect(sheet.get_by_text("Gloss")).to_be_hidden()
    press(page, "Escape")
    page.locator(".lines").get_by_role("link", name="Change Cut & finish").click()
    sheet.get_by_label("Theo").check()
    sheet.get_by_role("button", name="Save").click()
    expect(page.locator(".lines")).to_contain_text("$85.00")
