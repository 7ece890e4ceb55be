"""From a visit the desk asks for its deposit, by a link or in a sale, and sees what waits."""

import pytest
from playwright.sync_api import expect

from appointments.models import Appointment
from checkout.models import LineItem
from deposits.models import DepositRequest
from tests.deposits.money import make_visit
from tests.deposits.online_helpers import make_shop
from tests.factories import make_client, make_staff
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
def visit(live_desk, processor) -> Appointment:
    """Clara's visit in three days, of $85.00; everybody is asked for 30 %; Jo is at the desk."""
    location = make_shop()
    make_staff("Jo", location=location)
    return make_visit(make_client("Clara Nuñez"), location=location)


def test_a_deposit_is_asked_by_link_called_off_and_taken_in_a_sale(visit, page):
    log_in(page, "Jo")
    page.goto(f"/visits/{visit.uuid}/")
    all_is_there(page)

    # From the visit, with the policy's amount filled in.
    page.get_by_role("link", name="Take deposit").click()
    sheet = page.locator("#sheet")
    expect(sheet.get_by_text("A deposit of $25.50 is asked: 30 % of $85.00.")).to_be_visible()
    expect(sheet.get_by_label("Deposit", exact=True)).to_have_value("25.50")
    expect(sheet.get_by_label("E-mail, for a payment link")).to_have_value("clara@example.com")
    is_clean(page)
    sheet.get_by_role("button", name="Send payment link").click()
    arrive(page.get_by_role("heading", name="Waiting for $25.50"))
    expect(page.get_by_text("The link was sent to clara@example.com.")).to_be_visible()
    expect(page.get_by_role("img", name="The address of the payment page")).to_be_visible()
    is_well(page)

    # It waits in the list, and is called off.
    press(page, "g")
    press(page, "d")
    arrive(page.get_by_role("heading", name="No deposit is held"))
    page.get_by_role("navigation", name="Deposits").get_by_role("link", name="Waiting").click()
    arrive(page.get_by_role("cell", name="$25.50", exact=True))
    is_well(page)
    page.get_by_role("button", name="Call off").click()
    expect(page.get_by_text("Clara Nuñez is not asked for $25.50 any more.")).to_be_visible()
    assert DepositRequest.objects.get().status == "canceled"

    # Clara comes by and pays another amount at the desk.
    page.goto(f"/deposits/visits/{visit.uuid}/")
    arrive(page.get_by_role("heading", name="Deposit of Clara Nuñez"))
    page.get_by_role("link", name="Take deposit").click()
    sheet.get_by_label("Deposit", exact=True).fill("40")
    sheet.get_by_role("button", name="Take it now").click()
    page.wait_for_url("**/sales/*/**")
    expect(page.locator(".lines")).to_contain_text("Deposit - Clara Nuñez")
    expect(page.locator(".lines")).to_contain_text("$40.00")
    assert LineItem.objects.get().appointment == visit
