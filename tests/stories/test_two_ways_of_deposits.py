"""The two ways that salons know deposits, as one setting: held for its appointment, or free account
credit at once."""

import pytest
from playwright.sync_api import Page, expect

from appointments.models import Appointment
from ledger.balances import balance_of
from salon import clock
from salon.models import BusinessSettings
from tests.deposits.money import in_days, make_visit, take_deposit
from tests.factories import dollars, make_appointment, make_client, make_desk
from tests.harness.browser import all_is_there, arrive, log_in, press
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Jo")


@pytest.fixture
def visit(desk) -> Appointment:
    """Clara's, in three days."""
    return make_visit(make_client("Clara Nuñez"))


@pytest.fixture
def today(desk, visit) -> Appointment:
    """Clara is here for another visit already, of $85.00."""
    return make_appointment(visit.client, starts_at=in_days(0, hours=1), status="checked_in")


def cancel_in_time(page: Page, visit: Appointment) -> None:
    page.goto(f"/visits/{visit.uuid}/cancel/?kind=client")
    arrive(page.get_by_role("button", name="Cancel the visit"))


def has(visit: Appointment, available: int, held: int) -> None:
    balance = balance_of(visit.client, clock.business_date(visit.location))
    assert (balance.available, balance.held) == (dollars(available), dollars(held))


def pay_from_credit(page: Page, visit: Appointment) -> None:
    """The green button pays $30.00 of the sale, cash the rest."""
    page.goto(f"/visits/{visit.uuid}/")
    all_is_there(page)
    page.get_by_role("button", name="Check out").click()
    page.wait_for_url("**/sales/*/**")
    expect(page.locator(".proposal")).to_have_count(0)
    credits_button = page.locator(".methods").get_by_role("link", name="Credits")
    expect(credits_button).to_contain_text("$30.00 available")
    credits_button.click()
    page.get_by_role("button", name="Apply $30.00 credit").click()
    expect(page.get_by_text("Applied Account Debit")).to_be_visible()
    page.locator(".methods").get_by_role("link", name="Cash").click()
    page.get_by_role("button", name="Charge $55.00").click()
    page.get_by_role("button", name="Close sale").click()
    arrive(page.get_by_role("heading", name="is closed"))


def test_held_for_its_appointment_staff_choose_and_it_moves_through_the_balance(
    desk, visit, today, page
):
    take_deposit(visit, 30, desk, reference="Visa 4242")
    has(visit, available=0, held=30)
    log_in(page, "Jo")

    # Canceled, it does not refund by itself: whoever cancels says what becomes of it.
    cancel_in_time(page, visit)
    expect(page.get_by_label("Keep $30.00 as account balance")).to_be_checked()
    expect(page.get_by_label("Refund $30.00 to Visa 4242")).to_be_disabled()
    expect(page.get_by_label("Forfeit $30.00")).to_be_enabled()
    page.get_by_role("button", name="Cancel the visit, keep $30.00 as balance").click()
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("$30.00 is account balance now.")
    expect(toast).to_contain_text("Clara Nuñez is told by e-mail.")
    has(visit, available=30, held=0)

    # Through the balance it pays another visit.
    pay_from_credit(page, today)
    has(visit, available=0, held=0)
    assert_well()


def test_free_account_credit_at_once_the_credits_button_pays_and_nothing_is_asked(
    desk, visit, today, page
):
    BusinessSettings.objects.update(earmark_deposits=False, apply_earmarked_deposits=False)
    log_in(page, "Jo")

    # Taken at the desk, for the visit: account credit at once.
    page.goto(f"/visits/{visit.uuid}/")
    all_is_there(page)
    page.get_by_role("link", name="Take deposit").click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Deposit", exact=True).fill("30")
    sheet.get_by_role("button", name="Take it now").click()
    page.wait_for_url("**/sales/*/**")
    arrive(page.locator(".methods"))
    press(page, "d")
    page.get_by_role("button", name="Charge $30.00").click()
    page.get_by_role("button", name="Close sale").click()
    arrive(page.get_by_role("heading", name="is closed"))
    has(visit, available=30, held=0)

    # Canceling asks nothing about it; the credit stays the client's.
    cancel_in_time(page, visit)
    expect(page.get_by_text("What becomes of it")).to_have_count(0)
    page.get_by_role("button", name="Cancel the visit", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("canceled")
    has(visit, available=30, held=0)

    pay_from_credit(page, today)
    has(visit, available=0, held=0)
    assert_well()
