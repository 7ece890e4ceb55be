"""Marcus closes a day in a browser: counts the till, seals, and has the sheet to print."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from checkout.tills.opening import open_till
from tests.checkout.helpers import sell_credit
from tests.factories import dollars, make_client, make_desk
from tests.harness.browser import arrive, is_clean, log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def day(live_desk) -> None:
    """The till was opened with $100.00, and Clara paid $50.00 in advance."""
    desk = make_desk("Marcus")
    open_till(till=desk.till, counted=dollars(100), desk=desk, uuid=uuid.uuid4())
    sell_credit(make_client("Clara Nuñez"), 50, desk)


def test_a_day_is_counted_and_sealed(day, page: Page):
    log_in(page, "Marcus")
    page.goto("/reports/")
    page.get_by_role("link", name="Day close").click()
    arrive(page.get_by_role("heading", name="Seal this day"))
    expect(page.get_by_role("button", name="Seal ")).to_be_disabled()
    is_clean(page, widths=(390, 820))
    page.get_by_role("link", name="Count Front").click()
    page.get_by_label("Counted in the drawer").fill("150")
    page.get_by_label("stays").first.fill("100")
    page.get_by_role("button", name="Close the till").click()
    arrive(page.get_by_text("is closed").first)

    page.goto("/reports/day/")
    page.get_by_label("Note").fill("All there")
    page.get_by_role("button", name="Seal ").click()
    arrive(page.get_by_role("heading", name="Sealed"))
    expect(page.locator(".day-digest")).to_contain_text(
        page.locator(".day-hex").first.inner_text()[:16]
    )
    is_clean(page, widths=(390, 820))
    page.emulate_media(media="print")
    expect(page.get_by_text("Sealed by", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation", name="Days")).to_be_hidden()
