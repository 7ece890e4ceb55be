"""A custom deposit as the article walks: Services, Customize, the box, Update Service; live now.

And an owner asks which rule wins, and makes an exception for one client.
"""

import pytest
from playwright.sync_api import expect

from appointments.models import WorkingHours
from clients.models import Client
from deposits.models import ServiceDeposit
from salon.models import Service
from tests.deposits.online_helpers import make_shop
from tests.factories import make_client, make_service, make_staff
from tests.harness.browser import (
    all_is_there,
    arrive,
    is_clean,
    is_well,
    log_in,
    press,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def cut(live_desk, processor) -> Service:
    """Maya gives a cut at Midtown, which clients may book; Clara is a client; Marcus manages."""
    location = make_shop(percent=None)
    assert WorkingHours.objects.exists()
    make_staff("Marcus", location=location)
    service = make_service("Cut & finish", 85, books_online=True)
    service.staff.set([make_staff("Maya", location=location)])
    make_client("Clara Nuñez")
    return service


def test_a_custom_deposit_is_set_as_the_article_walks_and_is_live_at_once(cut, page):
    log_in(page, "Marcus")
    press(page, "g")
    press(page, "a")
    arrive(page.get_by_role("heading", name="Services"))
    page.get_by_role("link", name="Cut & finish").click()
    arrive(page.get_by_role("heading", name="Cut & finish"))

    # Under Staff the provider: Customize, the box, the percentage, Update Service.
    maya = page.locator(".own-row", has_text="Maya").last
    maya.locator("summary", has_text="Customize").click()
    percent = maya.get_by_label("Deposit in percent with Maya")
    expect(percent).to_be_hidden()
    maya.get_by_label("Custom Deposit for Online Booking").check()
    expect(maya.get_by_label("Deposit with Maya")).to_have_value("percent")
    expect(maya.get_by_label("Deposit amount with Maya")).to_be_hidden()
    percent.fill("300")
    page.get_by_role("button", name="Update Service").click()
    expect(page.get_by_role("heading", name="Nothing was saved")).to_be_visible()
    page.wait_for_load_state()
    is_well(page)
    percent.fill("30")
    page.get_by_role("button", name="Update Service").click()
    expect(page.get_by_text("Cut & finish is updated.")).to_be_visible()

    # Live at once in the service's details …
    expect(page.get_by_text("Custom deposit: 30 % of the price")).to_be_visible()
    assert ServiceDeposit.objects.get().staff.name == "Maya"

    # … on the booking page …
    page.goto("/book/midtown/")
    page.wait_for_load_state()
    page.get_by_text("Cut & finish").first.click()
    page.get_by_role("button", name="Continue").first.click()
    page.wait_for_load_state()
    expect(page.locator("body")).to_contain_text("$25.50")


def test_which_rule_wins_is_answered_and_an_exception_is_made(cut, page):
    log_in(page, "Marcus")
    page.goto("/manage/deposits/")
    arrive(page.get_by_role("heading", name="Which rule wins?"))
    page.get_by_role("link", name="New rule").first.click()
    arrive(page.get_by_role("heading", name="New rule"))
    expect(page.get_by_label("From so many earlier no-shows on")).to_be_hidden()
    page.get_by_label("For", exact=True).select_option(label="New clients")
    page.get_by_label("Percent").fill("50")
    is_well(page)
    page.get_by_role("button", name="Add rule").click()
    expect(page.get_by_text("New clients: 50 % of the price.")).to_be_visible()

    page.get_by_label("Service", exact=True).select_option(label="Cut & finish")
    wins = page.locator("#wins")
    expect(wins).to_contain_text("A deposit of $42.50 is asked: 50 % of $85.00.")
    is_well(page)

    # An exception for Clara, on her own page.
    clara = Client.objects.get()
    page.goto(f"/clients/{clara.pk}/")
    all_is_there(page)
    page.get_by_role("link", name="Make an exception").click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Deposit", exact=True).select_option(label="No deposit")
    expect(sheet.get_by_label("Percent")).to_be_hidden()
    sheet.get_by_label("Why").fill("Owner’s sister")
    is_clean(page)
    sheet.get_by_role("button", name="Save exception").click()
    expect(page.get_by_text("Exception: no deposit")).to_be_visible()

    page.goto(f"/manage/deposits/?client={clara.pk}&service-0={cut.pk}")
    expect(wins).to_contain_text("No deposit is asked.")
    expect(wins.locator(".wins-rules li", has_text="Exception for Clara")).to_contain_text("Counts")
    expect(wins.locator(".wins-rules li", has_text="New clients")).to_contain_text(
        "A rule above goes before it."
    )
