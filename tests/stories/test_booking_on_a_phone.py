"""A stranger books on a phone and pays the deposit: by thumb, without script, in another site."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from appointments.models import Appointment
from cards.models import Attempt
from deposits.models import BookingSettings, BookingSite, DepositRequest
from salon.models import ServiceOverride
from tests.deposits.online_helpers import make_bookable, make_shop
from tests.factories import dollars, make_category, make_location, make_service, make_staff
from tests.harness.browser import PHONE, WIDTHS, arrive, is_clean
from tests.harness.processor import DECLINED, PAYS, TestProcessor
from tests.ledger.books import assert_well
from tests.stories.booking_walk import (
    agree_and_pay,
    pay_on_the_card_page,
    type_details,
    walk_to_the_last_step,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("shop")]


@pytest.fixture
def shop(live_desk, processor, settings):
    settings.PUBLIC_URL = live_desk.url
    shop = make_shop(
        late_fee_kind="percent",
        late_fee_percent=50,
        no_show_fee_kind="percent",
        card_for_fees="optional",
    )
    cut = make_bookable()
    make_service("Gloss", 40, minutes=30)
    make_service("Balayage with a very long name that wraps", 240, minutes=180)
    make_service("Manicure", 45, minutes=45, category=make_category("Nails"))
    ServiceOverride.objects.create(service=cut, staff=make_staff("Theo"), price=dollars(110))
    return shop


def on_the_last_step(page: Page) -> None:
    page.goto("/book/")
    walk_to_the_last_step(page)


def test_each_step_is_clean_and_a_thumb_books_and_pays(phone, processor):
    make_location("Riverside")
    phone.goto("/book/")
    arrive(phone.get_by_role("heading", name="Where would you like to come?"))
    is_clean(phone, widths=WIDTHS)
    phone.set_viewport_size(PHONE["viewport"])
    phone.get_by_role("link", name="Midtown").tap()

    arrive(phone.get_by_role("heading", name="What would you like?"))
    phone.get_by_text("Cut & finish").tap()
    phone.get_by_text("Gloss").tap()
    expect(phone.locator("[data-sums]")).to_contain_text("from $125.00")
    expect(phone.locator("[data-sums]")).to_contain_text("2 services · 1 h 30 min")
    phone.get_by_text("Gloss").tap()
    is_clean(phone)
    targets_are_large(phone)
    phone.get_by_role("button", name="Continue").tap()

    arrive(phone.get_by_role("heading", name="Who should do it?"))
    is_clean(phone)
    phone.get_by_role("link", name="Maya").tap()

    arrive(phone.get_by_role("heading", name="When suits you?"))
    expect(phone.locator(".bar")).to_contain_text("$85.00 about $25.50 deposit")
    is_clean(phone)
    targets_are_large(phone)
    phone.locator("button.day").nth(3).tap()
    phone.locator("button.start").nth(4).tap()

    arrive(phone.get_by_role("heading", name="Who is coming?"))
    phone.get_by_role("button", name="Look it over").tap()
    arrive(phone.get_by_text("Nothing was booked yet"))
    expect(phone.locator(".error-summary")).to_be_focused()
    is_clean(phone)
    type_details(phone)

    arrive(phone.get_by_role("heading", name="Look it over and pay"))
    expect(phone.get_by_text("30 % of $85.00")).to_be_visible()
    expect(phone.get_by_label("Keep my card on file")).not_to_be_checked()
    is_clean(phone)
    phone.get_by_role("button", name="Pay $25.50 deposit").tap()
    arrive(phone.get_by_text("Nothing was booked yet"))
    agree_and_pay(phone)
    pay_on_the_card_page(phone, processor)
    expect(phone.get_by_text("$25.50 paid by Visa •••• 4242")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    with phone.expect_download() as file:
        phone.get_by_role("link", name="Add to calendar").click()
    assert file.value.suggested_filename == "visit.ics"
    assert Appointment.objects.get().status == "booked"
    assert_well()


def targets_are_large(page: Page) -> None:
    """What a thumb presses is at least 44 pixels high and wide."""
    small = page.evaluate(
        """[...document.querySelectorAll("a, button, label.row-pick")]
        .filter(one => one.offsetParent && !one.closest(".skip"))
        .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([, box]) => box.height && (box.height < 43.5 || box.width < 43.5))
        .map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
    )
    assert not [one for one in small if not one.startswith("Skip")], small


def test_a_declined_card_then_another_and_back_loses_nothing(phone, processor):
    on_the_last_step(phone)
    agree_and_pay(phone)
    phone.wait_for_url(f"{processor.url}/**")
    # Back: the last step as it was, and on again to the same page.
    phone.go_back()
    arrive(phone.get_by_role("heading", name="Look it over and pay"))
    agree_and_pay(phone)
    phone.wait_for_url(f"{processor.url}/**")
    assert DepositRequest.objects.count() == Attempt.objects.count() == 1
    phone.locator(f"button[value='{DECLINED}']").click()
    expect(phone.get_by_text("Nothing was charged. Try another card.")).to_be_visible()
    phone.get_by_role("link", name="Back without paying").click()
    arrive(phone.get_by_role("heading", name="Your deposit is not paid yet"))
    held = re.compile("Your time is held for (9|10) more minutes")
    expect(phone.get_by_text(held)).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    phone.get_by_role("link", name="Go on to pay $25.50").click()
    phone.locator(f"button[value='{PAYS}']").click()
    arrive(phone.get_by_role("heading", name="You’re booked"))
    assert_well()


def test_back_from_the_last_step_keeps_what_was_typed(phone):
    on_the_last_step(phone)
    phone.go_back()
    expect(phone.get_by_label("First name")).to_have_value("Clara")
    # By the trail to another time, and on: nothing is typed twice.
    phone.get_by_role("link", name="When").click()
    arrive(phone.get_by_role("heading", name="When suits you?"))
    phone.locator("button.start").first.click()
    arrive(phone.get_by_role("heading", name="Who is coming?"))
    expect(phone.get_by_label("Last name")).to_have_value("Nuñez")
    phone.get_by_role("button", name="Look it over").click()
    arrive(phone.get_by_role("heading", name="Look it over and pay"))


def test_without_script_up_to_the_card_page(browser, live_desk, shop, processor):
    context = browser.new_context(
        base_url=live_desk.url, locale="en-US", java_script_enabled=False, **PHONE
    )
    page = context.new_page()
    on_the_last_step(page)
    agree_and_pay(page)
    page.wait_for_url(f"{processor.url}/**")
    processor.pay_page(Attempt.objects.get().url)
    page.goto(Attempt.objects.get().back_url)
    expect(page.get_by_role("heading", name="You’re booked")).to_be_visible()
    context.close()


@contextmanager
def another_site(body: str, policy: str = "") -> Iterator[str]:
    """The origin of a site of somebody else's, with this page alone."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(f"<!doctype html><html lang=en><title>Juniper</title>{body}".encode())

        def log_message(self, *said: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_in_another_site_it_opens_over_the_page(page, live_desk, shop, processor):
    BookingSettings.objects.update(card_for_fees="never")
    # A strict site: its policy allows our script and our frame, and no style in the page.
    desk = live_desk.url
    policy = f"default-src 'none'; script-src {desk}; frame-src {desk}; style-src 'none'"
    tag = f"<script src='{desk}/book/embed.js' data-location=midtown async></script>"
    with another_site(f"<main><h1>Juniper</h1>{tag}", policy) as site:
        BookingSite.objects.create(origin=site)
        page.goto(site)
        books_in_the_frame(page, processor)
        assert DepositRequest.objects.get().site == site


def books_in_the_frame(page: Page, processor: TestProcessor) -> None:
    opener = page.get_by_role("button", name="Book now")
    opener.click()
    dialog = page.get_by_role("dialog", name="Book a visit")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="What would you like?")).to_be_visible()

    # Escape closes it, from within the frame too, and the focus comes back.
    frame.get_by_text("Cut & finish").click()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()

    opener.press("Enter")
    walk_to_the_last_step(frame)
    agree_and_pay(frame)
    # The card page refuses frames: it has the whole window.
    pay_on_the_card_page(page, processor)


def test_a_site_that_is_not_listed_shows_nothing_in_its_frame(page, live_desk, shop):
    frame = f"<iframe src='{live_desk.url}/book/midtown/'></iframe>"
    with another_site(frame) as site:
        page.goto(site)
        page.wait_for_load_state()
        inside = page.frame_locator("iframe")
        expect(inside.get_by_text("What would you like?")).to_have_count(0)
        BookingSite.objects.create(origin=site)
        page.goto(site)
        expect(inside.get_by_text("What would you like?")).to_be_visible()
