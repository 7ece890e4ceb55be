"""A membership at the desk: enrolled and paid by card, failing, paid by another card, canceled."""

import datetime as dt

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect

from checkout.opening import open_order
from memberships.models import Membership
from memberships.renewing.renewing import renew_due
from salon import clock
from tests.factories import make_client, make_desk
from tests.harness.browser import (
    PHONE,
    WIDTHS,
    all_is_there,
    arrive,
    is_clean,
    log_in,
    press,
)
from tests.harness.processor import DECLINED_LATER, MASTERCARD, PAYS
from tests.ledger.books import assert_well
from tests.memberships.members import make_card, make_member, make_plan, set_memberships

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk, processor, settings):
    settings.PUBLIC_URL = live_desk.url
    return make_desk("Jo")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def gold(desk):
    make_plan("Silver", 50, 55)
    return make_plan()


@pytest.fixture
def phone(browser: Browser, live_desk):
    """The client's own phone: another browser, logged in nowhere."""
    context = browser.new_context(base_url=live_desk.url, locale="en-US", **PHONE)
    yield context.new_page()
    context.close()


def membership_card(page: Page, client):
    page.goto(f"/clients/{client.pk}/")
    card = page.get_by_role("article", name="Gold")
    expect(card).to_be_visible()
    return card


def test_clara_enrols_with_a_card_from_her_phone_and_pays_with_it(
    page, phone, desk, clara, gold, processor
):
    order = open_order(desk=desk, client=clara)
    log_in(page, "Jo")
    page.goto(f"/sales/{order.uuid}/")
    arrive(page.get_by_role("link", name="Membership", exact=True))
    press(page, "b")
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("link", name="Silver")).to_be_visible()
    sheet.get_by_role("link", name="Gold").click()
    expect(sheet.get_by_text("Clara has no card on file.")).to_be_visible()
    is_clean(page, "#sheet")

    # Asked for like any card on file; then the sheet comes back by itself.
    sheet.get_by_role("link", name="Ask for a card").click()
    sheet.get_by_role("button", name="Show the code").click()
    sheet.get_by_text("No camera?").click()
    phone.goto(sheet.locator(".link-text").inner_text())
    phone.get_by_label("I agree").check()
    phone.get_by_role("button", name="Go on to the card page").click()
    phone.locator("#number").fill(PAYS)
    phone.locator("#number").press("Enter")
    expect(phone.get_by_text("Your card is on file")).to_be_visible()
    expect(sheet.get_by_role("radio", name="Visa •••• 4242")).to_be_checked()

    expect(sheet.get_by_text("$120.00, $20.00 of it as a bonus", exact=True)).to_be_visible()
    sheet.get_by_role("button", name="Add Gold $100.00").click()
    expect(sheet.get_by_text("Read out what Clara agrees to").first).to_be_visible()
    is_clean(page, "#sheet")
    sheet.get_by_label("Clara agrees").check()
    sheet.get_by_role("button", name="Add Gold $100.00").click()
    expect(sheet).to_be_hidden()
    expect(page.get_by_text("then charged to Visa •••• 4242")).to_be_visible()

    press(page, "d")
    page.get_by_role("button", name="Visa •••• 4242").click()
    page.get_by_role("button", name="Close sale").click(timeout=15_000)
    arrive(page.get_by_role("heading", name="is closed"))
    card = membership_card(page, clara)
    expect(card.get_by_text("Active")).to_be_visible()
    expect(card.get_by_text("$100.00 paid, $120.00 added")).to_be_visible()
    expect(page.locator(".amount-hero").get_by_text("$120.00")).to_be_visible()
    all_is_there(page)
    is_clean(page, widths=WIDTHS)
    assert_well()


def test_a_failing_card_is_seen_everywhere_retried_with_another_and_canceled(
    page, desk, clara, gold, processor
):
    set_memberships(notice_days=0)
    with time_machine.travel(clock.now() - dt.timedelta(days=35)):
        member = make_member(clara, gold, make_card(clara, processor, DECLINED_LATER))
    assert renew_due().failed == 1
    make_card(clara, processor, MASTERCARD)
    order = open_order(desk=desk, client=clara)

    # At checkout, and on the client.
    log_in(page, "Jo")
    page.goto(f"/sales/{order.uuid}/")
    notice = page.locator(".order-notice")
    expect(notice.get_by_text("past due, charge of $100.00 failed")).to_be_visible()
    expect(notice.get_by_role("button", name="Add $100.00 to this sale")).to_be_visible()
    is_clean(page, "#sale", widths=WIDTHS)
    card = membership_card(page, clara)
    expect(card.get_by_text("Past due")).to_be_visible()
    expect(card.get_by_text("The charge of $100.00 failed")).to_be_visible()

    # The same card says no once more; another one pays.
    card.get_by_role("button", name="Retry $100.00").click()
    expect(page.locator("#toasts").get_by_text("is still owed")).to_be_visible()
    card = membership_card(page, clara)
    card.locator("summary", has_text="Change").click()
    card.get_by_role("link", name="Choose another card").click()
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("button", name="Charge Mastercard •••• 4444")).to_be_visible()
    is_clean(page, "#sheet")
    sheet.get_by_role("button", name="Charge Mastercard •••• 4444").click()
    expect(page.locator("#toasts").get_by_text("pays Gold from now on")).to_be_visible()
    card.get_by_role("button", name="Retry $100.00").click()
    expect(page.locator("#toasts").get_by_text("$100.00 was charged.")).to_be_visible()
    expect(card.get_by_text("Active")).to_be_visible()
    expect(card.get_by_text("to Mastercard •••• 4444")).to_be_visible()

    # Canceled, with what it means before the button.
    card.get_by_role("link", name="Gold").click()
    arrive(page.get_by_role("heading", name="Billing periods"))
    is_clean(page, widths=WIDTHS)
    change = page.locator("summary", has_text="Change")
    change.focus()
    for key in ("Enter", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(sheet.get_by_role("heading")).to_be_visible()
    page.keyboard.press("Escape")
    expect(change).to_be_focused()
    change.click()
    page.get_by_role("link", name="Cancel…").click()
    expect(sheet.get_by_text("Nothing is charged any more.")).to_be_visible()
    is_clean(page, "#sheet")
    sheet.get_by_label("Why").fill("Moves to Boston")
    sheet.get_by_role("button", name="Cancel to").click()
    expect(page.locator("#toasts").get_by_text("Clara Nuñez ends on")).to_be_visible()
    expect(page.locator(".page-header .chip", has_text="Canceled")).to_be_visible()
    assert Membership.objects.get(pk=member.pk).ends_on
    press(page, "g")
    press(page, "m")
    arrive(page.get_by_role("heading", name="Memberships", exact=True))
    expect(page.get_by_role("link", name="Clara Nuñez", exact=True)).to_be_visible()
    is_clean(page, widths=WIDTHS)
    assert_well()
