"""A gift card in a browser: sold and e-mailed, read, used in part, looked up, blocked."""

import re

import pytest
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from giftcards.models import GiftCard
from giftcards.tasks import send_card
from salon.outbox import newest_mails
from tests.factories import make_client, make_product, make_service, make_staff
from tests.harness.browser import arrive, is_clean, log_in, press
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def outbox(settings, tmp_path):
    """Where e-mails go, as in the demo."""
    settings.OUTBOX_DIR = tmp_path
    settings.EMAIL_BACKEND = "salon.outbox.EmailBackend"


@pytest.fixture
def web(page: Page, live_desk) -> Page:
    make_staff("Marcus")
    make_client("Ines Duarte")
    make_service("Cut & finish", 60)
    make_product(price=30)
    return log_in(page, "Marcus")


def new_sale(web: Page) -> None:
    web.goto("/sales/")
    web.get_by_role("button", name="New sale").click()
    arrive(web.get_by_text("Nothing on this sale yet"))


def way_to_pay(web: Page, name: str):
    return web.locator("#pay .methods").get_by_role("link", name=name)


def sell(web: Page) -> None:
    """$100 for Hana, by e-mail, paid in cash."""
    new_sale(web)
    web.get_by_role("link", name="Gift card", exact=True).click()
    sheet = web.locator("#sheet")
    expect(sheet.get_by_label("Number of the card")).to_be_hidden()
    sheet.get_by_label("Plastic card").check()
    expect(sheet.get_by_label("Number of the card")).to_be_visible()
    expect(sheet.get_by_label("Their e-mail")).to_be_hidden()
    sheet.get_by_label("By e-mail").check()
    sheet.get_by_role("button", name="$100").click()
    sheet.get_by_label("For whom").fill("Hana Sato")
    sheet.get_by_label("From").fill("Ines Duarte")
    sheet.get_by_label("Message").fill("Happy birthday")
    sheet.get_by_role("button", name="Add $100.00").click()
    expect(sheet.get_by_text("Enter the address that the card goes to.").first).to_be_visible()
    is_clean(web)
    sheet.get_by_label("Their e-mail").fill("hana@example.com")
    sheet.get_by_role("button", name="Add $100.00").click()
    expect(web.get_by_text("Gift card for Hana Sato")).to_be_visible()
    way_to_pay(web, "Cash").click()
    web.locator("#pay").get_by_role("button", name="Charge $100.00").click()
    web.locator("#pay").get_by_role("button", name="Close sale").click()
    expect(web.get_by_role("heading", name="is closed")).to_be_visible()


def read_the_mail(web: Page) -> str:
    """The worker sends it; Hana opens the link, and has her code."""
    assert send_card(**ProcrastinateJob.objects.get(task_name=send_card.name).args)
    (mail,) = newest_mails()
    assert mail.to == "hana@example.com"
    code = re.search(r"Code: (\S+)", mail.text)
    link = re.search(r"https?://[^/]+(/gift/\S+)", mail.text)
    assert code and link
    web.goto(link[1])
    expect(web.get_by_role("heading", name="A present from Ines Duarte")).to_be_visible()
    expect(web.get_by_text(code[1])).to_be_visible()
    expect(web.locator("svg.qr")).to_be_visible()
    is_clean(web)
    return code[1]


def pay_with(web: Page, code: str) -> None:
    """A cut for $60.00; the first code is mistyped."""
    new_sale(web)
    web.get_by_role("link", name="Product").first.click()
    web.locator("#products button").first.click()
    expect(web.get_by_text("No. 3 Hair Perfector").first).to_be_visible()
    way_to_pay(web, "Gift card").click()
    field = web.locator("#pay").get_by_label("Code of the gift card")
    expect(field).to_be_focused()
    web.keyboard.type("NOT-A-CODE")
    press(web, "Enter")
    expect(web.get_by_text("There is no gift card with this code.")).to_be_visible()
    is_clean(web)
    field.fill(code)
    field.press("Enter")
    expect(web.get_by_text("$100.00 left")).to_be_visible()
    expect(web.locator("#pay").get_by_label("Amount to apply")).to_have_value("30.00")
    is_clean(web)
    web.locator("#pay").get_by_role("button", name="Apply $30.00").click()
    expect(web.locator("#pay").get_by_text(f"•••• {code[-4:]}")).to_be_visible()
    web.locator("#pay").get_by_role("button", name="Close sale").click()
    expect(web.get_by_role("heading", name="is closed")).to_be_visible()


def look_it_up_and_block_it(web: Page, code: str) -> None:
    web.goto("/sales/")
    web.get_by_role("link", name="Gift cards").click()
    arrive(web.get_by_text("$70.00 left on 1 card."))
    is_clean(web)
    web.get_by_label("Code of the gift card").fill(code)
    web.get_by_role("button", name="Look it up").click()
    expect(web.get_by_text("E-mailed to hana@example.com")).to_be_visible()
    is_clean(web)
    web.get_by_role("link", name="Print").click()
    arrive(web.get_by_text(code))
    is_clean(web)
    web.go_back()
    web.get_by_role("link", name="Block").click()
    arrive(web.get_by_role("button", name="Block the card"))
    web.get_by_role("button", name="Block the card").click()
    expect(web.get_by_text("Say why").first).to_be_visible()
    is_clean(web)
    web.get_by_label("Reason").fill("Lost on the train")
    web.get_by_role("button", name="Block the card").click()
    arrive(web.get_by_role("link", name="Unblock"))
    is_clean(web)


def test_a_gift_cards_life(web, outbox):
    sell(web)
    code = read_the_mail(web)
    pay_with(web, code)
    look_it_up_and_block_it(web, code)
    card = GiftCard.objects.get()
    assert str(card.left) == "$70.00"
    assert card.blocks.count() == 1
    assert_well()


@pytest.mark.parametrize("width", [390, 820])
def test_its_pages_fit_a_phone_and_a_tablet(web, outbox, width):
    web.set_viewport_size({"width": width, "height": 900})
    new_sale(web)
    web.get_by_role("link", name="Gift card", exact=True).click()
    expect(web.locator("#sheet").get_by_label("Amount")).to_be_visible()
    is_clean(web)
    press(web, "Escape")
    web.goto("/gift-cards/")
    is_clean(web)
