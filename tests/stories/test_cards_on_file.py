"""Cards on file in a browser: on the client's phone, on this screen, the default, removing."""

import datetime as dt
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from cards.models import CardOnFile
from cards.on_file import default_card
from tests.cards.on_file_helpers import make_card
from tests.factories import PASSWORD, make_appointment, make_client, make_desk
from tests.harness.processor import MASTERCARD

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(live_desk):
    return make_desk("Jo")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def web(page: Page, desk, processor, live_address, settings) -> Page:
    settings.PUBLIC_URL = live_address
    page.goto("/login/")
    page.locator("#id_username").fill("jo")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.get_by_role("link", name="Clients")).to_be_visible()
    return page


@pytest.fixture
def phone(browser, web) -> Iterator[Page]:
    """The client's own: nobody is signed in there."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


def is_clean(page: Page) -> None:
    """Axe finds nothing, nothing slides sideways, at three widths."""
    before = page.viewport_size
    for width in (390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(before)


def block(page: Page):
    return page.get_by_role("region", name="Cards on file")


def toasts(page: Page):
    return page.locator("#toasts")


def open_methods(page: Page, client) -> None:
    page.goto(f"/clients/{client.pk}/payment-methods/")
    expect(block(page)).to_be_visible()


def type_card(page: Page, number: str) -> None:
    """On the processor's page."""
    page.locator("#number").fill(number)
    page.locator("#number").press("Enter")


def test_a_card_is_added_on_the_clients_phone(web, phone, desk, clara):
    open_methods(web, clara)
    expect(block(web).get_by_text("No card is kept")).to_be_visible()
    web.keyboard.press("c")
    sheet = web.locator("#sheet")
    expect(sheet.get_by_text("The salon may keep this card and charge it")).to_be_visible()
    is_clean(web)
    web.keyboard.press("Enter")
    expect(sheet.locator("svg.qr")).to_be_visible()
    expect(block(web).get_by_text("Waiting for Clara’s phone")).to_be_attached()
    is_clean(web)
    sheet.get_by_text("No camera?").click()
    link = sheet.locator(".link-text").inner_text()

    phone.goto(link)
    expect(phone.get_by_text("Hello Clara.")).to_be_visible()
    expect(phone.get_by_text("Nuñez")).to_have_count(0)
    is_clean(phone)
    phone.get_by_role("button", name="Go on to the card page").click()
    expect(phone.get_by_text("Tick the box: no card is kept without it.")).to_be_visible()
    is_clean(phone)
    phone.get_by_label("I agree").check()
    phone.get_by_role("button", name="Go on to the card page").click()
    expect(phone.locator("#number")).to_be_visible()
    expect(sheet.get_by_text("The terms are agreed to")).to_be_visible()

    # Back, and on again: the same page of the processor's.
    phone.go_back()
    expect(phone.get_by_label("I agree")).to_be_checked()
    phone.get_by_role("button", name="Go on to the card page").click()
    type_card(phone, "4242424242424242")
    expect(phone.get_by_text("Your card is on file")).to_be_visible()
    is_clean(phone)
    phone.goto(link)
    expect(phone.get_by_text("Your card is on file")).to_be_visible()

    # The desk hears of it by itself.
    expect(sheet).to_be_hidden()
    expect(toasts(web)).to_contain_text("Visa •••• 4242 is on file.")
    row = block(web).get_by_role("listitem").filter(has_text="Visa •••• 4242")
    expect(row.get_by_text("Default", exact=True)).to_be_visible()
    expect(row.get_by_text("Agreed on")).to_be_visible()
    row.get_by_text("What was agreed to").click()
    expect(row.get_by_text("The salon may keep this card and charge it")).to_be_visible()
    is_clean(web)
    assert default_card(clara).saving.consented_from


def test_a_second_card_is_added_on_this_screen_made_the_default_and_removed(
    web, processor, desk, clara
):
    make_card(processor, clara, desk)
    open_methods(web, clara)
    block(web).get_by_role("link", name="Add a card").click()
    sheet = web.locator("#sheet")
    sheet.get_by_role("button", name="Go on to the card page").click()
    expect(sheet.get_by_text("Tick the box: no card is kept without it.")).to_be_visible()
    is_clean(web)
    sheet.get_by_label("I agree to this").check()
    sheet.get_by_role("button", name="Go on to the card page").click()
    type_card(web, "5555555555554444")
    expect(toasts(web)).to_contain_text("Mastercard •••• 4444 is on file.")
    expect(block(web).get_by_role("listitem")).to_have_count(2)

    web.get_by_role("button", name="Make Mastercard •••• 4444 the default").click()
    expect(toasts(web)).to_contain_text("Mastercard •••• 4444 is the default card.")
    assert default_card(clara).last4 == "4444"
    is_clean(web)

    web.get_by_role("link", name="Remove Mastercard •••• 4444").click()
    expect(sheet.get_by_text("Visa •••• 4242 becomes the default.")).to_be_visible()
    is_clean(web)
    sheet.get_by_role("button", name="Keep it").click()
    expect(sheet).to_be_hidden()
    # With the keyboard alone.
    web.locator(f"#remove-{default_card(clara).pk}").press("Enter")
    remove = sheet.get_by_role("button", name="Remove Mastercard •••• 4444")
    expect(sheet.get_by_role("button", name="Keep it")).to_be_focused()
    web.keyboard.press("Shift+Tab")
    expect(remove).to_be_focused()
    web.keyboard.press("Enter")
    expect(sheet).to_be_hidden()
    expect(toasts(web)).to_contain_text("Visa •••• 4242 is the default card now.")
    expect(block(web).get_by_role("listitem")).to_have_count(1)
    assert default_card(clara).last4 == "4242"


def test_what_is_waiting_can_be_canceled(web, phone, clara):
    open_methods(web, clara)
    block(web).get_by_role("link", name="Add a card").click()
    sheet = web.locator("#sheet")
    sheet.get_by_role("button", name="Show the code").click()
    sheet.get_by_text("No camera?").click()
    link = sheet.locator(".link-text").inner_text()
    sheet.get_by_role("button", name="Leave it waiting").click()
    is_clean(web)
    block(web).get_by_role("button", name="Cancel").click()
    expect(toasts(web)).to_contain_text("Canceled. No card was kept.")
    expect(block(web).get_by_text("No card is kept")).to_be_visible()
    phone.goto(link)
    expect(phone.get_by_text("This link has ended")).to_be_visible()
    is_clean(phone)


def test_a_card_says_when_it_will_be_of_no_use(web, processor, desk, clara):
    soon = desk.business_date
    make_card(processor, clara, desk, exp_month=soon.month, exp_year=soon.year)
    make_card(processor, clara, desk, MASTERCARD, exp_month=1, exp_year=2025)
    visit = make_appointment(clara, starts_at=desk.at + dt.timedelta(days=40))
    open_methods(web, clara)
    day = visit.starts_at.astimezone(visit.location.zone)
    expect(
        block(web).get_by_text(f"Expires before the visit on {day:%a, %b} {day.day}")
    ).to_be_visible()
    expect(block(web).get_by_text("Expired on Fri, Jan 31, 2025")).to_be_visible()
    is_clean(web)
    assert CardOnFile.objects.standing().count() == 2


def test_without_a_processor_there_is_no_block(web, clara, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert not django_settings.STRIPE_SECRET_KEY
    with web.expect_response(f"**/clients/{clara.pk}/cards/"):
        web.goto(f"/clients/{clara.pk}/payment-methods/")
    expect(block(web)).to_have_count(0)
    is_clean(web)
