"""A client books on a phone, moves and cancels by the link in the e-mail, and finds the money."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from appointments.models import Appointment
from deposits.models import Fate
from tests.deposits.online_helpers import make_bookable, make_shop
from tests.deposits.own import jobs, send_all
from tests.factories import make_client, make_staff
from tests.harness.browser import PHONE, WIDTHS, arrive, is_clean, log_in
from tests.ledger.books import assert_well
from tests.stories.booking_walk import book_and_pay

pytestmark = pytest.mark.browser


@pytest.fixture
def clara(live_desk, processor, settings):
    settings.PUBLIC_URL = live_desk.url
    make_shop(late_fee_kind="percent", late_fee_percent=50, most_moves=1)
    make_bookable()
    return make_client("Clara Nuñez")


def link_in_the_mail(subject: str, path: str) -> str:
    """Send what waits, and read it as the client does."""
    send_all()
    message = next(one for one in reversed(mail.outbox) if subject in one.subject)
    found = re.search(rf"\S+{path}\S+", message.body)
    assert found, message.body
    return found.group()


def test_book_reschedule_cancel_and_find_the_credit(phone, clara, page, processor):
    book_and_pay(phone, processor)
    was = Appointment.objects.get().starts_at

    phone.goto(link_in_the_mail("You are booked", "/visit/"))
    arrive(phone.get_by_text("You are booked with Maya"))
    expect(phone.get_by_text("Deposit paid")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])

    # Another day, the second time that is free.
    phone.get_by_role("link", name="Reschedule").tap()
    arrive(phone.get_by_role("heading", name="Choose another time"))
    phone.get_by_role("navigation", name="Days").get_by_role("link").nth(5).tap()
    expect(phone.locator(".days [aria-current]")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])
    phone.locator(".times a").nth(1).tap()
    arrive(phone.get_by_role("heading", name="Move your visit?"))
    expect(phone.get_by_text("Your deposit of $25.50 goes along.")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])
    phone.get_by_role("button", name=re.compile("^Move to ")).tap()
    arrive(phone.get_by_text("You are booked with Maya"))
    assert Appointment.objects.get().starts_at > was

    # The deposit was carried once, and may be no more.
    expect(phone.get_by_text("moved 1 of 1")).to_be_visible()
    expect(phone.get_by_role("link", name="Reschedule")).to_have_count(0)
    assert [job["what"] for job in jobs()] == ["booked", "moved"]

    phone.goto(link_in_the_mail("Your visit was moved to", "/visit/"))
    phone.get_by_role("link", name="Cancel the visit").tap()
    arrive(phone.get_by_role("heading", name="Cancel your visit?"))
    expect(phone.get_by_text("You get $25.50 back as account credit.")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])
    phone.get_by_label("Would you tell us why?").fill("Ill, sorry")
    phone.get_by_role("button", name="Cancel the visit").tap()
    arrive(phone.get_by_role("heading", name="This visit is canceled"))
    expect(phone.get_by_text("You get $25.50 back as account credit.")).to_be_visible()
    is_clean(phone)
    assert [fate.kind for fate in Fate.objects.all()] == ["kept"]

    phone.goto(link_in_the_mail("is canceled", "/wallet/"))
    arrive(phone.get_by_role("heading", name="Clara Nuñez"))
    expect(phone.locator(".amount-hero")).to_have_text("$25.50")
    expect(phone.get_by_text("No visit is booked.")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])
    phone.get_by_role("link", name=re.compile("^Sale #")).tap()
    arrive(phone.locator(".receipt"))
    is_clean(phone)

    # The desk sees who did it.
    make_staff("Jo")
    log_in(page, "Jo")
    page.goto(f"/clients/{clara.pk}/")
    page.get_by_role("button", name="Send wallet link").click()
    expect(page.get_by_text("The link to the wallet is on its way")).to_be_visible()
    note = Appointment.objects.get().note
    assert "Moved by the client, online" in note
    assert "Canceled by the client, online" in note
    assert "Ill, sorry" in note
    assert_well()


def test_a_client_asks_for_the_wallet_and_gets_it(phone, clara):
    phone.goto("/wallet/")
    phone.get_by_role("button", name="Send me the link").tap()
    arrive(phone.get_by_text("Type the e-mail address that the salon has of you."))
    is_clean(phone)
    phone.get_by_label("Your e-mail address").fill("clara@example.com")
    phone.get_by_role("button", name="Send me the link").tap()
    arrive(phone.get_by_role("heading", name="Look into your e-mail"))
    is_clean(phone, widths=WIDTHS)
    phone.goto(link_in_the_mail("Your wallet", "/wallet/"))
    arrive(phone.get_by_role("heading", name="Clara Nuñez"))
    expect(phone.get_by_text("Nothing to spend at the moment.")).to_be_visible()
    is_clean(phone)
