"""In the evening Marcus pays out the tips: two from the drawer, with slips, and takes one back."""

import pytest
from playwright.sync_api import Page, expect

from checkout.tills.figures import expected_in
from tests.checkout.tills.acts import opens
from tests.checkout.tip_payouts.acts import owed, refund_tip, tipped
from tests.factories import make_client, make_desk, make_staff
from tests.harness.browser import WIDTHS, arrive, is_clean, log_in
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser

LONG = "Alexandria Papadopoulos-Featherstonehaugh"


@pytest.fixture
def desk(live_desk):
    return make_desk("Olivia")


@pytest.fixture
def web(page: Page, desk) -> Page:
    make_desk("Marcus")
    return log_in(page, "Marcus")


def test_marcus_pays_the_day_s_tips_and_takes_one_back(web, desk):
    maya, other = make_staff("Maya"), make_staff(LONG)
    opens(desk, 100)
    sale = tipped(desk, {maya: 20, other: "8.50"}, kind="card", client=make_client("Clara Nuñez"))
    web.goto("/manage/services/")
    web.get_by_role("link", name="Tips").click()
    arrive(web.get_by_role("heading", name="Tips", exact=True))
    expect(web.get_by_text("$28.50 waits to be paid")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    web.get_by_role("button", name="Pay tips").click()
    arrive(web.get_by_role("button", name="Print 80 mm"))
    expect(web.get_by_text(f"Sale #{sale.number}, Clara Nuñez").first).to_be_visible()
    is_clean(web, widths=WIDTHS)
    assert (owed(maya), owed(other), expected_in(desk.till)) == (0, 0, 7150)

    refund_tip(sale, maya, 5, desk)
    web.goto("/manage/tips/")
    web.get_by_role("link", name="Maya").click()
    arrive(web.get_by_role("heading", name="Where it comes from"))
    expect(web.get_by_text("Owes the salon")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    web.locator("summary", has_text="Undo").press("Enter")
    is_clean(web, widths=WIDTHS)
    web.get_by_role("button", name="Undo").press("Enter")
    expect(web.get_by_text("$20.00 in tips was not paid to Maya after all.")).to_be_visible()
    assert (owed(maya), expected_in(desk.till)) == (1500, 9150)

    web.get_by_label("Amount").fill("16")
    web.get_by_label("Amount").press("Enter")
    expect(web.get_by_role("alert").first).to_contain_text("Maya is owed $15.00 now")
    is_clean(web)
    web.goto("/reports/tips/")
    arrive(web.get_by_role("heading", name="Tips", exact=True))
    is_clean(web, widths=WIDTHS)
    assert_well()
