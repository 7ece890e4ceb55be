"""A stranger becomes a member on a phone; later their card has expired, and another one pays."""

import datetime as dt

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from cards.models import CardOnFile
from memberships.models import Enrolment, Membership
from memberships.own.links import membership_link
from memberships.renewing.renewing import renew_due
from salon import clock
from tests.harness.browser import PHONE, WIDTHS, arrive, is_clean
from tests.harness.processor import MASTERCARD, PAYS
from tests.ledger.books import assert_well
from tests.memberships.members import make_plan, period_of
from tests.memberships.online import send_all, sold_online

pytestmark = pytest.mark.browser


@pytest.fixture
def gold(live_desk, processor, settings):
    settings.PUBLIC_URL = live_desk.url
    gold = sold_online(description="For everybody who comes at least once a month.")
    make_plan("Silver with a rather long name", 50, 55, sold_online=True, trial_days=14)
    return gold


@pytest.fixture
def phone(browser: Browser, live_desk, gold):
    context = browser.new_context(base_url=live_desk.url, locale="en-US", **PHONE)
    yield context.new_page()
    context.close()


def type_details(page: Page) -> None:
    page.get_by_label("First name").fill("Clara")
    page.get_by_label("Last name").fill("Nuñez")
    page.get_by_label("Mobile phone").fill("(212) 555-0142")
    page.get_by_label("E-mail").fill("clara@example.com")


def on_the_plan(page: Page) -> None:
    page.goto("/join/")
    page.get_by_role("link", name="Gold").click()
    arrive(page.get_by_role("heading", name="What you agree to"))


def test_from_a_stranger_to_a_member_whose_other_card_pays(phone, processor):
    phone.goto("/join/")
    arrive(phone.get_by_role("heading", name="Memberships"))
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])
    phone.get_by_role("link", name="Gold").tap()

    arrive(phone.get_by_role("heading", name="What you agree to"))
    expect(phone.get_by_label("I agree to these charges")).not_to_be_checked()
    type_details(phone)
    phone.get_by_role("button", name="Pay $100.00").tap()
    arrive(phone.get_by_text("Nothing was charged yet"))
    expect(phone.locator(".error-summary")).to_be_focused()
    expect(phone.get_by_label("First name")).to_have_value("Clara")
    is_clean(phone, widths=WIDTHS)
    phone.get_by_label("I agree to these charges").check()
    phone.get_by_role("button", name="Pay $100.00").click()
    phone.wait_for_url(f"{processor.url}/**")
    phone.locator(f"button[value='{PAYS}']").click()

    arrive(phone.get_by_role("heading", name="You’re a member"))
    expect(phone.get_by_text("$100.00 by Visa •••• 4242")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])

    membership = Membership.objects.get()
    send_all()
    assert membership_link(membership) in mail.outbox[0].body
    phone.goto(membership_link(membership))
    arrive(phone.get_by_role("heading", name="Gold"))
    expect(phone.get_by_text("Next charge")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    _renewed_with_an_expired_card(membership)
    _paid_with_another_card(phone, processor, membership)


def _renewed_with_an_expired_card(membership: Membership) -> None:
    today = clock.business_date(membership.location)
    past = today - dt.timedelta(days=62)
    CardOnFile.objects.update(exp_year=past.year, exp_month=past.month)
    Membership.objects.update(next_charge_on=today, anchor_on=today, anchor_number=1)
    assert renew_due().failed == 1
    send_all()
    assert "has expired" in mail.outbox[-1].body


def _paid_with_another_card(phone: Page, processor, membership: Membership) -> None:
    phone.set_viewport_size(PHONE["viewport"])
    phone.goto(membership_link(membership))
    arrive(phone.get_by_role("heading", name="You owe $100.00"))
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])
    phone.get_by_role("link", name="Add a card and pay").tap()
    arrive(phone.get_by_text("is charged to the new card at once"))
    is_clean(phone, widths=WIDTHS)
    phone.get_by_label("I agree that this card is kept").check()
    phone.get_by_role("button", name="Go on to your card").click()
    phone.wait_for_url(f"{processor.url}/**")
    phone.locator(f"button[value='{MASTERCARD}']").click()

    arrive(phone.get_by_text("$100.00 was paid. Thank you."))
    expect(phone.get_by_text("Mastercard •••• 4444 is charged from now on.")).to_be_visible()
    expect(phone.get_by_text("You owe")).to_have_count(0)
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])
    phone.get_by_role("link", name="Cancel the membership").tap()
    arrive(phone.get_by_role("heading", name="Cancel Gold?"))
    is_clean(phone, widths=WIDTHS)
    assert period_of(membership, 1).status == "paid"
    assert_well()


def test_without_script_up_to_the_card_page_and_canceling(browser, live_desk, gold, processor):
    context = browser.new_context(
        base_url=live_desk.url, locale="en-US", java_script_enabled=False, **PHONE
    )
    page = context.new_page()
    on_the_plan(page)
    type_details(page)
    page.get_by_label("I agree to these charges").check()
    page.get_by_role("button", name="Pay $100.00").click()
    page.wait_for_url(f"{processor.url}/**")
    page.locator(f"button[value='{PAYS}']").click()
    expect(page.get_by_role("heading", name="You’re a member")).to_be_visible()
    assert Enrolment.objects.get().status == "started"

    page.goto(membership_link(Membership.objects.get()))
    page.get_by_role("link", name="Cancel the membership").click()
    expect(page.get_by_text("Nothing is charged any more.")).to_be_visible()
    page.get_by_role("button", name="Cancel to").click()
    expect(page.get_by_text("Canceled. It ends on")).to_be_visible()
    page.get_by_role("link", name="Keep the membership").click()
    page.get_by_role("button", name="Keep the membership").click()
    expect(page.get_by_text("Next charge")).to_be_visible()
    context.close()
