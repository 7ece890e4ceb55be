"""What becomes of a deposit: asked where its visit is canceled, decided by hand, and undone."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from deposits.models import BookingSettings, Decision
from ledger.balances import balance_of
from salon import clock
from tests.deposits.money import take_deposit
from tests.factories import dollars, make_appointment, make_client, make_desk
from tests.harness.browser import is_clean, log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Marcus")


@pytest.fixture
def visit(desk):
    soon = clock.now() + dt.timedelta(hours=5)
    visit = make_appointment(make_client("Clara Nuñez"), starts_at=soon)
    take_deposit(visit, 35, desk)
    BookingSettings.objects.update(late_fee_kind="amount", late_fee_amount=dollars(15))
    return visit


def say(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def test_a_late_cancellation_parts_the_deposit_as_the_policy_says(desk, visit, page):
    log_in(page, "Marcus")
    page.goto(f"/visits/{visit.uuid}/cancel/?kind=late")
    expect(page.get_by_label("Split it")).to_be_checked()
    expect(page.get_by_role("textbox", name="Forfeited")).to_have_value("15.00")
    expect(page.get_by_role("textbox", name="Kept as account balance")).to_have_value("20.00")
    say(page, "The deposit covers it.")
    page.get_by_role("textbox", name="Forfeited").fill("10")
    say(page, "$5.00 is left to place.")
    say(page, "$5.00: goes to the fees to collect")
    page.get_by_role("textbox", name="Forfeited").fill("15")
    say(page, "The parts add up to $35.00.")
    is_clean(page, widths=(390, 820, 1440))
    page.get_by_role("button", name="Cancel it as late, split the deposit").click()
    say(page, "canceled late")
    assert balance_of(visit.client, desk.business_date).available == dollars(20)
    assert Decision.objects.get().told == "You get $20.00 back as account credit; $15.00 is kept."


def test_a_deposit_is_decided_by_hand_and_the_part_undone(desk, visit, page):
    log_in(page, "Marcus")
    page.goto(f"/deposits/visits/{visit.uuid}/decide/")
    page.get_by_label("Forfeit $35.00").check()
    page.get_by_role("button", name="Forfeit $35.00", exact=True).click()
    say(page, "$35.00 is forfeited.")
    say(page, "Nothing is held for this visit")
    is_clean(page, widths=(390, 1440))
    page.get_by_role("button", name="Undo").click()
    say(page, "$35.00 is held for the visit again.")
    is_clean(page, widths=(390, 1440))
    assert balance_of(visit.client, desk.business_date).held == dollars(35)
