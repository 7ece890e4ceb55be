"""Clients and balances brought over in a browser: the file, its columns, a look, in, and back."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from clients.models import Client
from imports.models import Import
from imports.running import run_check, run_take_back, run_take_in
from salon.settings import BASE_DIR
from tests.factories import make_client, make_desk
from tests.harness.browser import WIDTHS, arrive, is_clean, is_well, log_in
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser
EXAMPLE = BASE_DIR / "static" / "examples" / "clients.csv"


@pytest.fixture
def clara(live_desk):
    make_desk("Olivia")
    return make_client("Clara Nuñez")


def test_the_example_file_goes_in_and_comes_back_out(page: Page, clara):
    log_in(page, "Olivia")
    page.goto("/clients/")
    page.get_by_role("link", name="Import", exact=True).click()
    arrive(page.get_by_role("heading", name="Nothing was imported yet"))
    is_clean(page)
    page.get_by_role("link", name="Import clients").click()
    arrive(page.get_by_role("heading", name="Import clients"))
    is_clean(page, widths=WIDTHS)
    page.get_by_label("The file").set_input_files(EXAMPLE)
    page.get_by_role("button", name="Read the file").click()

    # Columns were found by their names; two of one kind are refused beside the second.
    arrive(page.get_by_role("heading", name="What is in which column?"))
    phone = page.get_by_label("What is in “Mobile Phone”?")
    expect(phone).to_have_value("phone")
    phone.select_option("email")
    page.get_by_role("button", name="Check 6 rows").click()
    arrive(page.get_by_role("link", name="“Email” is the e-mail already"))
    is_clean(page)
    phone.select_option("phone")
    page.get_by_role("button", name="Check 6 rows").click()
    arrive(page.get_by_role("heading", name="Checking every row"))
    is_clean(page)
    import_ = Import.objects.get()
    run_check(import_.pk)

    # The page goes on by itself. A problem comes first, then who is known.
    look = page.get_by_role("heading", name="Look at what would be taken in")
    expect(look).to_be_visible()
    expect(page.get_by_text("forty")).to_be_visible()
    is_well(page)
    page.get_by_role("link", name="Matches").click()
    expect(page.get_by_role("link", name="Clara Nuñez")).to_be_visible()
    page.get_by_role("button", name="Leave out (row 2)").click()
    again = page.get_by_role("button", name="It is the same person (row 2)")
    expect(again).to_be_focused()
    expect(page.locator("#import-figures")).to_contain_text("$1,165.50")
    again.press("Enter")
    expect(page.locator("#import-figures")).to_contain_text("$1,190.50")
    page.get_by_label("Leave out the row with a problem").check()
    page.get_by_label("I looked at the matches").check()
    page.get_by_label("Total of the balances").fill("1190.50")
    page.get_by_role("button", name="Import 5 clients $1,190.50 credit, $18.00 owed").click()
    arrive(page.get_by_role("heading", name="Nothing was taken in"))
    expect(page.get_by_text("$18.00 more").first).to_be_visible()
    is_clean(page)
    page.get_by_label("Total of the balances").fill("1172.50")
    page.get_by_role("button", name="Import 5 clients").click()
    arrive(page.get_by_role("heading", name="Taking it in"))
    run_take_in(import_.pk)
    arrive(page.get_by_role("heading", name="Taken in"))
    page.get_by_role("link", name="Known").click()
    expect(page.get_by_role("link", name="Opening entry")).to_be_visible()
    is_clean(page, widths=WIDTHS)
    assert Client.objects.active().count() == 5

    page.get_by_role("link", name="Take this import back").click()
    arrive(page.get_by_role("heading", name="Take this import back?"))
    is_clean(page, widths=WIDTHS)
    page.get_by_role("button", name="Take back 5 clients and $1,190.50").click()
    arrive(page.get_by_role("heading", name="Taking it back"))
    run_take_back(import_.pk)
    arrive(page.get_by_role("heading", name="Taken back", exact=True))
    is_clean(page)
    assert list(Client.objects.active()) == [clara]
    assert Import.objects.get().net.amount == Decimal("1172.50")
    assert_well()
