"""One deposit's whole life: paid by a stranger on a phone, seen at the desk, used at checkout."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from appointments.models import Appointment
from ledger.balances import balance_of
from salon import clock
from tests.deposits.online_helpers import make_bookable, make_shop
from tests.factories import dollars, make_staff
from tests.harness.browser import all_is_there, arrive, is_clean, log_in
from tests.stories.booking_walk import HANA, book_and_pay

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(live_desk, processor, settings):
    """Midtown, where Maya gives a cut of $85.00, and 30 % is asked of everybody; Jo at the desk."""
    settings.PUBLIC_URL = live_desk.url
    shop = make_shop()
    make_bookable()
    make_staff("Jo", location=shop)
    return shop


def open_in_the_book(page: Page, visit: Appointment) -> None:
    """The visit's sheet, from the book's day that it is on."""
    day = visit.starts_at.astimezone(visit.location.zone).date()
    page.goto(f"/calendar/?date={day}")
    card = page.locator(".visit", has_text="Hana Sato")
    expect(card.locator(".visit-held")).to_contain_text("$25.50 deposit")
    all_is_there(page)
    card.click()
    expect(page.locator("#sheet")).to_contain_text("Cut & finish")


def test_a_deposit_from_a_strangers_phone_to_the_receipt(shop, phone, page, processor):
    book_and_pay(phone, processor, HANA, days=1)
    visit = Appointment.objects.get()

    # The desk sees it in the book, with the visit, and with the client.
    log_in(page, "Jo")
    open_in_the_book(page, visit)
    sheet = page.locator("#sheet")
    expect(sheet.get_by_text("$25.50 by Visa •••• 4242")).to_be_visible()
    page.goto(f"/clients/{visit.client_id}/")
    all_is_there(page)
    expect(page.get_by_text("$25.50").first).to_be_visible()

    # She is here.
    open_in_the_book(page, visit)
    sheet.get_by_role("button", name="Check in").click()
    expect(page.locator("#toasts")).to_contain_text("Hana Sato is checked in.")
    open_in_the_book(page, visit)

    # Check out opens the order: her services, the deposit, and what remains.
    sheet.get_by_role("button", name="Check out").click()
    page.wait_for_url("**/sales/*/**")
    expect(page.locator(".lines")).to_contain_text("Cut & finish")
    expect(page.locator(".proposal")).to_contain_text("Deposit applied")
    expect(page.locator(".proposal")).to_contain_text("−$25.50")
    expect(page.locator(".remaining")).to_contain_text("$59.50")
    is_clean(page)

    # The rest in cash.
    page.locator(".methods").get_by_role("link", name="Cash").click()
    page.get_by_role("button", name="Charge $59.50").click()
    page.get_by_role("button", name="Close sale").click()
    arrive(page.get_by_role("heading", name="is closed"))

    page.get_by_role("link", name="Print", exact=True).click()
    arrive(page.get_by_role("button", name="Print 80 mm"))
    receipt = page.locator("body")
    for words in ("Hana Sato", "Cut & finish", "Applied Account Debit", "$25.50", "$59.50"):
        expect(receipt).to_contain_text(words)

    visit.refresh_from_db()
    assert visit.status == "done"
    balance = balance_of(visit.client, clock.business_date(shop))
    assert (balance.held, balance.available) == (dollars(0), dollars(0))
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "All is well" in out.getvalue()
