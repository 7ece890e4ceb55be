"""A manager sets opening hours, gives Maya her own, and writes her holiday down."""

import pytest
from playwright.sync_api import Page, expect

from appointments.models import TimeOff, WorkingHours
from tests.factories import make_hours, make_location, make_service, make_staff
from tests.harness.browser import WIDTHS, arrive, is_clean, log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def maya(live_desk):
    location = make_location()
    make_staff("Marcus", location=location)
    make_hours(None, 1, 2, 3, 4, location=location)
    make_service()
    return make_staff("Maya", location=location)


def test_hours_and_time_off_by_hand(page: Page, maya):
    log_in(page, "Marcus")
    page.goto("/manage/")
    page.get_by_role("navigation", name="Manage").get_by_role("link", name="Hours").click()
    arrive(page.get_by_role("heading", name="Hours at Midtown"))
    is_clean(page, widths=WIDTHS)

    page.get_by_role("link", name="Change opening hours").click()
    arrive(page.get_by_role("heading", name="Opening hours"))
    page.get_by_label("Saturday from", exact=True).fill("10:00")
    page.get_by_label("Saturday until", exact=True).fill("09:00")
    page.get_by_role("button", name="Save hours").click()
    arrive(page.get_by_role("heading", name="The hours were not saved"))
    is_clean(page, widths=WIDTHS)
    page.get_by_label("Saturday until", exact=True).fill("16:00")
    page.get_by_role("button", name="Save hours").click()
    arrive(page.get_by_text("The hours of Midtown are saved."))
    expect(page.get_by_text("10:00 am to 4:00 pm")).to_be_visible()

    page.get_by_role("link", name="Change hours for Maya").click()
    arrive(page.get_by_role("heading", name="Hours of Maya"))
    expect(page.get_by_label("Tuesday from", exact=True)).to_be_hidden()
    page.get_by_role("radio", name="Own hours").check()
    page.get_by_label("Tuesday until", exact=True).fill("13:00")
    page.get_by_role("group", name="Tuesday").get_by_text("Add a break").click()
    page.get_by_label("Tuesday from, after the break").fill("14:00")
    page.get_by_label("Tuesday until, after the break").fill("18:00")
    is_clean(page, widths=WIDTHS)
    page.get_by_role("button", name="Save hours").click()
    arrive(page.get_by_text("The hours of Maya are saved."))
    expect(page.get_by_text("9:00 am to 1:00 pm, 2:00 pm to 6:00 pm")).to_be_visible()
    assert WorkingHours.objects.filter(staff=maya, weekday=1).count() == 2

    page.get_by_role("link", name="Add time off").first.click()
    arrive(page.get_by_role("heading", name="Add time off"))
    page.get_by_label("Who").select_option(label="Maya")
    page.get_by_label("First day").fill("2030-12-23")
    page.get_by_label("Last day").fill("2030-12-27")
    page.get_by_label("Reason").fill("Holiday")
    is_clean(page, widths=WIDTHS)
    page.get_by_role("button", name="Add time off").click()
    arrive(page.get_by_text("Maya is off from Mon, Dec 23 to Fri, Dec 27."))
    is_clean(page, widths=WIDTHS)
    page.get_by_role("button", name="Remove time off of Maya").click()
    arrive(page.get_by_text("Maya can be booked again from Mon, Dec 23 to Fri, Dec 27."))
    assert not TimeOff.objects.exists()
