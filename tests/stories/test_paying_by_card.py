"""Cards through the processor, in the browser: on a phone, on file, at a reader, on this screen."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import Page, expect

from cards.attempts import cancel
from cards.models import Attempt
from checkout.charges.links import link_to
from checkout.models import Order
from checkout.sending_receipts import send_receipt
from tests.cards.on_file_helpers import make_card
from tests.checkout.charges.helpers import charge, charged, payments, sale_for
from tests.checkout.helpers import pay, tips_of
from tests.factories import make_client, make_credit, make_desk
from tests.harness.browser import (
    PHONE,
    WIDTHS,
    arrive,
    is_clean,
    log_in,
    nothing_slides_sideways,
    press,
)
from tests.harness.processor import ASKS, FRONT, NO_FUNDS, PAYS
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk, processor, settings):
    settings.PUBLIC_URL = live_desk.url
    return make_desk("Jo")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def order(desk, clara) -> Order:
    """Clara's sale of $85.00 with Maya."""
    return sale_for(desk, clara)


def at_the_sale(page: Page, order: Order) -> Page:
    log_in(page, "Jo")
    page.goto(f"/sales/{order.uuid}/")
    arrive(page.get_by_role("link", name=re.compile("^Card( |$)")).first)
    return page


def open_cards(page: Page) -> None:
    """By its key; everything that may be asked is there."""
    press(page, "d")
    expect(page.get_by_label("Amount")).to_be_focused()
    expect(page.get_by_role("button", name="Front desk")).to_be_visible()


def link_on(page: Page) -> str:
    """What the code on the desk's page says."""
    expect(page.get_by_text("Scan to pay")).to_be_visible()
    return page.locator("#pay-link").text_content().strip()


def type_card(page: Page, number: str) -> None:
    """On the processor's own page."""
    page.locator(f"button[value='{number}']").click()


def test_half_from_credit_and_half_on_the_phone_with_a_tip(
    order, desk, clara, page, phone, processor
):
    make_credit(clara, "42.50")
    at_the_sale(page, order)
    press(page, "c")
    expect(page.get_by_label("Amount to apply")).to_have_value("42.50")
    press(page, "Enter")
    expect(page.get_by_text("Applied Account Debit")).to_be_visible()

    open_cards(page)
    is_clean(page, "#pay")
    page.get_by_role("link", name="Client’s phone").click()
    is_clean(page, "#pay")
    phone.goto(link_on(page))
    expect(phone.get_by_role("button", name="Pay $42.50")).to_be_visible()
    is_clean(phone)
    phone.get_by_label("20 %").tap()
    phone.get_by_role("button", name="Pay $59.50").tap()
    phone.wait_for_url(f"{processor.url}/**")

    # The desk sees that the client is at it, and what of the sale that will pay.
    expect(page.get_by_text("Waiting for the client’s phone")).to_be_visible()
    expect(page.get_by_text("and $17.00 tip")).to_be_visible()
    expect(page.get_by_text("Scan to pay")).to_be_hidden()
    is_clean(page, "#pay")

    type_card(phone, PAYS)
    expect(phone.get_by_role("heading", name="Paid $59.50")).to_be_visible()
    nothing_slides_sideways(phone)
    is_clean(phone, widths=WIDTHS)
    phone.get_by_label("Your e-mail address").fill("clara@example.com")
    phone.get_by_role("button", name="E-mail me the receipt").click()
    expect(phone.get_by_text("The receipt is on its way.")).to_be_visible()

    expect(page.get_by_role("button", name="Close sale")).to_be_visible()
    expect(page.locator(".tenders")).to_contain_text("Visa •••• 4242")
    assert tips_of(order) == {"Maya": "17.00"}
    page.get_by_role("button", name="Close sale").click()
    arrive(page.get_by_role("heading", name="is closed"))
    press(page, "p")
    arrive(page.get_by_role("button", name="Print 80 mm"))
    for part in ("Applied Account Debit", "Visa •••• 4242", "Tip for Maya"):
        expect(page.get_by_text(part)).to_be_visible()
    assert send_receipt(order=order.uuid, to="clara@example.com", from_phone=True)
    assert "Visa •••• 4242" in mail.outbox[0].body
    call_command("settle_attempts")
    assert_well()


def test_a_decline_on_the_phone_and_then_another_card(order, page, phone, processor):
    at_the_sale(page, order)
    open_cards(page)
    page.get_by_role("link", name="Client’s phone").click()
    phone.goto(link_on(page))
    phone.get_by_role("button", name="Pay $85.00").tap()
    type_card(phone, NO_FUNDS)
    expect(phone.get_by_text("Nothing was charged. Try another card.")).to_be_visible()
    phone.get_by_role("link", name="Back without paying").click()
    expect(phone.get_by_role("heading", name="Your payment is not finished")).to_be_visible()
    is_clean(phone)
    phone.get_by_role("link", name="Go on to pay $85.00").tap()
    type_card(phone, PAYS)
    expect(phone.get_by_role("heading", name="Paid $85.00")).to_be_visible()
    expect(page.get_by_role("button", name="Close sale")).to_be_visible()
    assert charged(processor) == [8500]


@pytest.mark.parametrize("is_confirmed", [True, False], ids=["confirmed", "failed"])
def test_3_d_secure_on_this_screen(order, page, processor, is_confirmed):
    at_the_sale(page, order)
    open_cards(page)
    page.get_by_role("button", name="On this screen").click()
    page.wait_for_url(f"{processor.url}/**")
    type_card(page, ASKS)
    page.wait_for_url("**/confirm")
    page.locator(f"button[value='{'confirm' if is_confirmed else 'fail'}']").click()
    if is_confirmed:
        expect(page.get_by_text("Visa •••• 3155 paid $85.00.")).to_be_visible()
        expect(page.get_by_role("button", name="Close sale")).to_be_visible()
        return
    expect(page.get_by_text("Nothing was charged. Try another card.")).to_be_visible()
    page.get_by_role("link", name="Back without paying").click()
    arrive(page.get_by_text("Waiting for the card page"))
    is_clean(page, "#pay")
    page.get_by_role("button", name="Cancel: Waiting for the card page").click()
    expect(page.get_by_text("was canceled. Nothing was charged.")).to_be_visible()
    assert payments(order) == []


def test_a_card_on_file_by_keyboard_alone(order, page, processor, clara, desk):
    make_card(processor, clara, desk)
    make_card(processor, clara, desk, "4000000000000341")
    at_the_sale(page, order)
    open_cards(page)
    page.keyboard.type("46.40")
    expect(page.locator("[data-rest]")).to_have_text("$38.60")
    # The second card is declined; the amount stays, and the first is charged by Enter.
    tab_to(page, "Visa •••• 0341")
    press(page, "Enter")
    expect(page.get_by_text("The card was declined. Nothing was charged.")).to_be_visible()
    expect(page.get_by_label("Amount")).to_have_value("46.40")
    expect(page.get_by_label("Amount")).to_be_focused()
    press(page, "Enter")
    expect(page.locator(".tenders")).to_contain_text("Visa •••• 4242")
    assert payments(order) == [("charge", "$46.40", "Visa •••• 4242")]
    assert charged(processor) == [4640]


def test_a_reader_waits_is_canceled_and_then_paid(order, page, processor):
    at_the_sale(page, order)
    open_cards(page)
    page.get_by_role("button", name="Front desk").click()
    expect(page.get_by_text("Waiting for the reader Front desk")).to_be_visible()
    is_clean(page, "#pay", widths=(820, 1440))
    page.get_by_role("button", name="Cancel: Waiting for the reader").click()
    expect(page.get_by_text("was canceled. Nothing was charged.")).to_be_visible()

    open_cards(page)
    page.get_by_role("button", name="Front desk").click()
    expect(page.get_by_text("Waiting for the reader Front desk")).to_be_visible()
    processor.present_card(FRONT)
    expect(page.get_by_text("Visa •••• 4242 paid $85.00.")).to_be_visible()
    expect(page.get_by_role("button", name="Close sale")).to_be_visible()
    assert Attempt.objects.filter(status="canceled").count() == 1


def test_enter_charges_nothing_where_the_client_has_no_card(order, page):
    at_the_sale(page, order)
    open_cards(page)
    press(page, "Enter")
    expect(page.get_by_label("Amount")).to_be_focused()
    assert not Attempt.objects.exists()


def test_paying_on_a_phone_works_without_script(order, page, browser, live_desk, processor):
    at_the_sale(page, order)
    open_cards(page)
    page.get_by_role("link", name="Client’s phone").click()
    link = link_on(page)
    context = browser.new_context(
        base_url=live_desk.url, locale="en-US", java_script_enabled=False, **PHONE
    )
    phone = context.new_page()
    phone.goto(link)
    phone.get_by_label("Another amount").check()
    phone.get_by_label("Your tip").fill("5")
    phone.get_by_role("button", name="Pay").click()
    phone.wait_for_url(f"{processor.url}/**")
    processor.pay_page(Attempt.objects.get().url)
    phone.goto(Attempt.objects.get().back_url)
    expect(phone.get_by_role("heading", name="Paid $90.00")).to_be_visible()
    context.close()


def test_what_a_phone_is_told_instead_is_clean(order, phone, desk):
    link = link_to(order)
    phone.goto(link)
    arrive(phone.get_by_role("button", name="Pay $85.00"))
    is_clean(phone, widths=WIDTHS)
    made = charge(order, 85, desk)
    phone.reload()
    expect(phone.get_by_role("heading", name="Somebody is paying right now")).to_be_visible()
    is_clean(phone, widths=WIDTHS)
    cancel(made.attempt)
    pay(order, "cash", 85, desk)
    phone.get_by_role("link", name="Look again").click()
    expect(phone.get_by_role("heading", name="All of this sale is paid")).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    """Go on with Tab until the button that begins so has the focus."""
    for _ in range(20):
        press(page, "Tab")
        if page.evaluate("document.activeElement.textContent").strip().startswith(name):
            return
    raise AssertionError(f"Tab never comes to {name}")
