"""A month of a membership is refunded at the desk: the page says what is spent and what is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.checkout.helpers import has, order_with
from tests.factories import make_client, make_desk, make_tax_rate
from tests.harness.browser import arrive, is_clean, log_in
from tests.ledger.books import assert_well
from tests.memberships.members import make_member, make_plan, pay_and_close

pytestmark = pytest.mark.browser


def test_the_rest_of_a_month_goes_back_and_its_bonus_is_canceled(live_desk, page: Page):
    desk, clara = make_desk("Marcus"), make_client("Clara Nuñez")
    line = make_member(clara, make_plan(tax_rate=make_tax_rate()), desk=desk).enrolment.line
    pay_and_close(order_with(desk, clara, service=60), desk, "credits")

    log_in(page, "Marcus")
    page.goto(f"/sales/{line.order.uuid}/refund/")
    arrive(page.get_by_text("Its bonus of $20.00 is canceled first."))
    outcome = page.get_by_role("region", name="What will happen")
    expect(outcome).to_contain_text("$40.00 is taken out of Clara Nuñez’s account credit.")
    expect(outcome).to_contain_text("The bonus of $20.00 that is left is canceled.")
    is_clean(page)
    outcome.get_by_role("button", name="Refund $43.55").click()
    expect(page.get_by_text("Closed (Partly refunded)")).to_be_visible()
    assert not has(clara, desk).total
    assert_well()
