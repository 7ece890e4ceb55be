"""Theo has a merchant account of his own: what he is owed, and how Marcus pays it."""

import pytest
from playwright.sync_api import Page, expect

from checkout.closing import close_order
from checkout.models import Order
from tests.checkout.charges.going_back import (
    by_card,
    owed,
    refund_each,
    sold,
    theo_of_his_own,
    with_theo,
)
from tests.checkout.helpers import pay
from tests.factories import (
    make_client,
    make_credit,
    make_desk,
    make_merchant_account,
    make_staff,
    make_tax_rate,
)
from tests.harness.browser import WIDTHS, arrive, is_clean, log_in
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk, processor):
    return make_desk("Olivia")


@pytest.fixture
def account(processor, desk):
    """$118.00 earned: $63.45 came by card and was transferred, $54.55 out of credit is payable."""
    account = theo_of_his_own()
    clara = make_client("Clara Nuñez")
    make_credit(clara, 60)
    order = with_theo(desk, clara, tax_rate=make_tax_rate("10"))
    pay(order, "credits", 60, desk)
    by_card(processor, order, 68, desk)
    close_order(order=order, desk=desk)
    return account


@pytest.fixture
def web(page: Page, desk) -> Page:
    make_desk("Marcus")
    return log_in(page, "Marcus")


def test_marcus_finds_him_under_manage_and_pays_a_part_by_hand(web, desk, account):
    long = "Alexandria Papadopoulos-Featherstonehaugh Color Studio"
    make_staff("Alexandria", merchant_account=make_merchant_account(long))
    web.goto("/manage/services/")
    web.get_by_role("link", name="Providers").click()
    arrive(web.get_by_role("heading", name="Providers"))
    expect(web.get_by_text("$54.55 waits to be paid")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    web.get_by_role("link", name="Theo", exact=True).click()
    arrive(web.get_by_role("heading", name="Where it comes from"))
    expect(web.get_by_text("Paid by Applied Account Debit $54.55, Visa •••• 4242")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    hand = web.locator("form", has=web.get_by_role("button", name="Mark as paid"))
    hand.get_by_label("Amount").fill("100")
    web.get_by_role("button", name="Mark as paid").click()
    expect(web.get_by_role("alert").first).to_contain_text("is owed $54.55 now")
    expect(hand.get_by_label("Amount")).to_have_value("100.00")
    is_clean(web)
    hand.get_by_label("Amount").fill("50")
    hand.get_by_label("Note").fill("No. 4711")
    web.get_by_role("button", name="Mark as paid").click()
    expect(web.get_by_text("$50.00 was paid to Theo.")).to_be_visible()
    assert owed(account) == 455
    web.get_by_role("link", name="Bank transfer").first.click()
    arrive(web.get_by_role("button", name="Print 80 mm"))
    is_clean(web, widths=WIDTHS)
    assert_well()


def test_a_refused_transfer_says_why_and_is_tried_again(web, processor, desk, account):
    web.goto(f"/manage/providers/{account.pk}/")
    web.get_by_role("button", name="Transfer now").click()
    # The processor has kept its fee, and nothing else was charged: there is too little.
    expect(web.get_by_text("$54.55 was not transferred to Theo.")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    sold(processor, desk, amount=150)
    web.get_by_role("button", name="Try again").click()
    expect(web.get_by_text("$54.55 was transferred to Theo.")).to_be_visible()
    assert owed(account) == 0
    assert_well()


def test_who_owes_the_salon_is_shown_so_and_the_statement_is_printed(web, desk, account):
    web.goto(f"/manage/providers/{account.pk}/")
    web.get_by_role("button", name="Mark as paid").click()
    expect(web.get_by_text("$54.55 was paid to Theo.")).to_be_visible()
    refund_each(Order.objects.get(), desk, service=110)
    web.goto("/manage/providers/")
    expect(web.get_by_text("owes").first).to_be_visible()
    is_clean(web)
    web.goto(f"/manage/providers/{account.pk}/")
    expect(web.get_by_text("It is kept back from what they earn next.")).to_be_visible()
    is_clean(web)
    web.get_by_role("link", name="Statement").click()
    arrive(web.get_by_role("button", name="Print"))
    is_clean(web, widths=WIDTHS)
    assert_well()
