"""Money back to cards, walked in a browser: in part, refused, voided, and told while it happens."""

import pytest
from playwright.sync_api import Page, expect

from cards.models import CardRefund
from tests.checkout.charges.going_back import by_card, look, refund, sold
from tests.checkout.helpers import books, has, order_with
from tests.factories import dollars, make_client, make_desk
from tests.harness.browser import WIDTHS, all_is_there, arrive, is_clean, log_in
from tests.harness.processor import REFUND_FAILS, REFUND_TAKES_A_WHILE
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk, processor):
    return make_desk("Olivia")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def web(page: Page, desk) -> Page:
    return log_in(page, "Olivia")


def test_a_part_goes_back_and_the_page_tells_when_it_has_arrived(web, processor, desk, clara):
    order = sold(processor, desk, clara, number=REFUND_TAKES_A_WHILE)
    web.goto(f"/sales/{order.uuid}/refund/?all")
    outcome = web.locator("#outcome")
    amount = web.get_by_label("Amount to refund for Olaplex Product at 40")
    amount.fill("27.35")
    expect(outcome).to_contain_text("$27.35 back to Visa •••• 7726, in a few days.")
    is_clean(web)
    outcome.get_by_role("button", name="Refund $27.35").click()
    expect(web.get_by_text("Refunded $27.35 to Visa •••• 7726.")).to_be_visible()
    expect(web.locator("#to-cards")).to_contain_text("$27.35 is on its way back")
    is_clean(web, widths=WIDTHS)
    processor.later()
    look(CardRefund.objects.get())
    expect(web.locator("#to-cards")).not_to_contain_text("on its way")
    expect(web.locator("#story")).to_contain_text("Visa •••• 7726 has got $27.35 back")
    assert_well()


def test_what_a_card_refuses_days_later_goes_to_the_balance_from_today(web, processor, desk, clara):
    order = sold(processor, desk, clara, number=REFUND_FAILS)
    refund(order, "27.35", desk)
    processor.later()
    look(CardRefund.objects.get())
    web.goto("/")
    all_is_there(web)
    expect(web.get_by_text("The card refused $27.35")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    web.get_by_role("button", name="To the account balance").click()
    expect(web.get_by_text("$27.35 went to the account balance of Clara Nuñez.")).to_be_visible()
    expect(web.get_by_text("The card refused $27.35")).to_have_count(0)
    assert has(clara, desk).available == dollars("27.35")
    assert_well()


def test_a_walk_in_s_refused_refund_finds_its_client(web, processor, desk, clara):
    order = sold(processor, desk, number=REFUND_FAILS)
    refund(order, 40, desk)
    processor.later()
    look(CardRefund.objects.get())
    web.goto(f"/sales/{order.uuid}/")
    is_clean(web)
    web.get_by_role("link", name="To an account balance").click()
    arrive(web.get_by_role("heading", name="The card refused $40.00"))
    web.get_by_label("Find a client").fill("nunez")
    web.get_by_role("button", name="Find").click()
    expect(web.get_by_label("Clara Nuñez")).to_be_checked()
    is_clean(web, widths=WIDTHS)
    web.get_by_role("button", name="$40.00 to this account balance").click()
    expect(web.get_by_text("$40.00 went to the account balance of Clara Nuñez.")).to_be_visible()
    assert has(clara, desk).available == dollars(40)
    assert_well()


def test_in_cash_it_says_what_to_hand_over(web, processor, desk, clara):
    order = sold(processor, desk, clara, number=REFUND_FAILS)
    refund(order, 40, desk)
    processor.later()
    look(CardRefund.objects.get())
    web.goto(f"/sales/{order.uuid}/")
    web.get_by_role("button", name="$40.00 in cash").click()
    expect(web.get_by_text("Give $40.00 in cash from Front.")).to_be_visible()
    assert books()["cash"] == -4000
    assert_well()


def test_voiding_shows_until_the_card_has_its_money(web, processor, desk, clara):
    order = order_with(desk, clara, product=40)
    by_card(processor, order, 40, desk, REFUND_TAKES_A_WHILE)
    web.goto(f"/sales/{order.uuid}/void/")
    expect(web.get_by_text("$40.00 back to Visa •••• 7726, in a few days.")).to_be_visible()
    is_clean(web)
    web.get_by_label("Reason").fill("Rang up twice")
    web.get_by_role("button", name="Void and give back $40.00").click()
    expect(web.locator("#sale-status")).to_have_text("Voiding")
    is_clean(web, widths=WIDTHS)
    web.goto("/sales/")
    expect(web.get_by_text("Voiding")).to_be_visible()
    web.goto(f"/sales/{order.uuid}/")
    processor.later()
    look(CardRefund.objects.get())
    expect(web.locator("#sale-status")).to_have_text("Voided")
    assert_well()
