"""Two clients who are one person, merged, archived and blocked in a browser."""

import pytest
from playwright.sync_api import Page, expect

from checkout.closing import close_order
from tests.checkout.helpers import has, order_with, pay
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_debt,
    make_desk,
)
from tests.harness.browser import WIDTHS, arrive, is_clean, log_in
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Marcus")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def twin(clara):
    """With the same phone, credit, a deposit and an e-mail of her own."""
    twin = make_client("Clara N.", phone=clara.phone, email="clara.n@example.org")
    make_credit(twin, 20)
    visit = make_appointment(twin)
    make_credit(twin, 30, source="deposit", visit=visit.pk)
    return twin


@pytest.fixture
def web(page: Page, desk) -> Page:
    return log_in(page, "Marcus")


def menu(page: Page, name: str) -> None:
    page.locator(".client-head summary").click()
    page.locator(".client-head .menu-panel").get_by_text(name).click()


def test_two_entries_of_one_person_are_merged(web, desk, clara, twin):
    make_debt(clara, 12)
    web.goto(f"/clients/{clara.pk}/")
    is_clean(web, widths=WIDTHS)
    web.get_by_role("link", name="Compare with Clara N.").click()
    arrive(web.get_by_role("heading", name="Merge Clara N. into Clara Nuñez?", level=1))
    expect(web.get_by_text("$12.00 of the credit pays what is owed.")).to_be_visible()
    expect(web.get_by_text("This can’t be undone")).to_be_visible()
    is_clean(web, widths=WIDTHS)

    # Meanwhile somebody uses some of it at another till.
    order = order_with(desk, twin, product=5)
    pay(order, "credits", 5, desk)
    web.get_by_label("clara.n@example.org").check()
    web.get_by_role("button", name="Merge into Clara Nuñez: $8.00 credit, $30.00 held").click()
    expect(web.get_by_text(f"applied to sale #{order.number}, which is open")).to_be_visible()
    expect(web.get_by_role("link", name=f"Open sale #{order.number}")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    close_order(order=order, desk=desk)
    web.goto(f"/clients/{clara.pk}/merge/?other={twin.pk}")
    web.get_by_label("clara.n@example.org").check()
    web.get_by_role("button", name="Merge into Clara Nuñez: $3.00 credit, $30.00 held").click()
    expect(web.locator("#toasts")).to_contain_text("Clara N. was merged into Clara Nuñez")
    expect(web.get_by_role("link", name="clara.n@example.org").first).to_be_visible()
    balance = has(clara, desk)
    assert (balance.available, balance.held, balance.owes) == (dollars(3), dollars(30), dollars(0))

    web.goto(f"/clients/{twin.pk}/history/")
    expect(web.locator("#toasts")).to_contain_text("was merged into Clara Nuñez on")
    expect(web.get_by_role("link", name="Clients merged")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    web.get_by_role("link", name="History of Clara N. until the merge").click()
    expect(web.get_by_role("heading", name="History of Clara N. until the merge")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    assert_well()


def test_the_other_one_is_found_by_typing(web, clara, twin):
    web.goto(f"/clients/{twin.pk}/")
    menu(web, "Merge…")
    arrive(web.get_by_role("heading", name="Merge two clients"))
    is_clean(web, widths=WIDTHS)
    box = web.get_by_role("combobox", name="Find the other client")
    box.press_sequentially("nunez")
    web.get_by_role("option", name="Clara Nuñez").click()
    expect(web.get_by_role("heading", level=1)).to_have_text("Merge Clara Nuñez into Clara N.?")
    web.get_by_role("link", name="Keep Clara Nuñez instead").click()
    expect(web.get_by_role("heading", level=1)).to_have_text("Merge Clara N. into Clara Nuñez?")


def test_a_client_is_blocked_unblocked_archived_and_restored(web, clara):
    web.goto(f"/clients/{clara.pk}/")
    menu(web, "Block…")
    arrive(web.get_by_role("heading", name="Block Clara Nuñez?"))
    is_clean(web, widths=WIDTHS)
    web.get_by_role("button", name="Block Clara Nuñez").click()
    expect(web.get_by_text("Say why: it stands on the client’s page.").first).to_be_visible()
    web.get_by_label("Reason").fill("Three no-shows")
    web.get_by_role("button", name="Block Clara Nuñez").click()
    expect(web.get_by_text("Three no-shows")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    menu(web, "Unblock")
    arrive(web.get_by_text("Clara Nuñez is not blocked any more."))
    expect(web.get_by_text("Three no-shows")).to_have_count(0)
    clara.refresh_from_db()
    assert not clara.is_blocked

    menu(web, "Archive…")
    arrive(web.get_by_role("heading", name="Archive Clara Nuñez?"))
    is_clean(web, widths=WIDTHS)
    web.get_by_role("button", name="Archive Clara Nuñez").click()
    expect(web.get_by_text("Archived on")).to_be_visible()
    is_clean(web, widths=WIDTHS)
    web.goto("/clients/?archived=1")
    is_clean(web, widths=WIDTHS)
    web.get_by_role("link", name="Clara Nuñez").last.click()
    arrive(web.get_by_text("Archived on"))
    clara.refresh_from_db()
    assert clara.is_archived
    web.get_by_role("button", name="Restore").first.click()
    arrive(web.get_by_text("Clara Nuñez is restored and found in searches again."))
    expect(web.get_by_text("Archived on")).to_have_count(0)
    clara.refresh_from_db()
    assert not clara.is_archived
