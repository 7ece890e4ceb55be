"""A deposit at the desk: asked for on the Account Credits sheet, applied on its visit's sale, and
what is left of it given back to the card."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from checkout.models import Order
from checkout.opening import open_for_visit, open_order
from ledger.balances import balance_of
from salon import clock
from tests.checkout.test_deposits import take_deposit
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_desk,
    make_service,
    make_staff,
)
from tests.harness.browser import is_clean, log_in, press

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Marcus")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def visit(clara, desk):
    return make_appointment(clara, starts_at=clock.now() + dt.timedelta(days=1))


def at(page: Page, order: Order) -> Page:
    log_in(page, "Marcus")
    page.goto(f"/sales/{order.uuid}/")
    return page


def test_a_deposit_is_taken_for_a_visit(desk, clara, visit, page):
    make_appointment(
        clara,
        make_service("Gloss", 60),
        make_staff("Theo"),
        starts_at=clock.now() + dt.timedelta(days=3),
    )
    here = at(page, open_order(desk=desk, client=clara))
    press(here, "a")
    expect(here.get_by_label("Amount", exact=True)).to_be_focused()
    here.get_by_label("Amount", exact=True).fill("30")
    here.get_by_role("link", name="Deposit", exact=True).click()
    expect(here.get_by_label("Amount", exact=True)).to_have_value("30.00")
    here.get_by_label("with Maya · Cut & finish").check()
    is_clean(here)
    here.get_by_role("button", name="Add $30.00").click()
    expect(here.get_by_text("Deposit - Clara Nuñez")).to_be_visible()
    expect(here.locator(".methods [aria-disabled]", has_text="Cash")).to_contain_text(
        "Not for this"
    )
    press(here, "d")
    here.get_by_role("button", name="Charge $30.00").click()
    here.get_by_role("button", name="Close sale").click()
    expect(here.get_by_role("heading", name="is closed")).to_be_visible()
    assert balance_of(clara, desk.business_date).held == dollars(30)


def test_it_is_applied_left_out_and_the_rest_goes_back_to_the_card(desk, clara, visit, page):
    take_deposit(visit, 100, desk, reference="Visa 4242")
    make_credit(clara, 115)
    here = at(page, open_for_visit(appointment=visit, desk=desk))
    expect(here.locator(".proposal")).to_contain_text("Deposit applied")
    expect(here.get_by_role("button", name="Close sale $85.00")).to_be_visible()
    here.get_by_role("button", name="Don’t use it now").click()
    expect(here.locator(".remaining")).to_contain_text("$85.00")
    here.get_by_role("button", name="Use it").click()
    expect(here.locator(".remaining")).to_contain_text("$0.00")
    is_clean(here)
    here.get_by_label("Goes back to the card").check()
    here.get_by_role("button", name="Close sale $85.00").click()
    told = here.get_by_text("Give $15.00 back to the card (Visa 4242)")
    expect(told).to_be_visible()
    assert balance_of(clara, desk.business_date).available == dollars(115)
    assert balance_of(clara, desk.business_date).held == dollars(0)
