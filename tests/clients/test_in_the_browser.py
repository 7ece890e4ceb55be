"""Clients and their balance by mouse, by keyboard and by eye."""

import re

import pytest
from playwright.sync_api import expect

from ledger.balances import balance_of
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
    make_staff,
)
from tests.harness.browser import all_is_there, is_clean, log_in, press

pytestmark = pytest.mark.browser


@pytest.fixture
def clara(committing_db):
    make_location("Williamsburg")
    return make_client()


@pytest.fixture
def desk(live_desk, clara, page):
    """Marcus, logged in."""
    make_staff("Marcus")
    return log_in(page, "Marcus")


def test_the_list_is_searched_as_one_types(desk):
    make_client("Ben Okafor")
    desk.goto("/clients/")
    box = desk.get_by_label("Search clients", exact=True)
    box.press_sequentially("nunes")
    expect(desk.get_by_role("link", name="Ben Okafor")).to_have_count(0)
    expect(desk.get_by_role("link", name="Clara Nuñez")).to_be_visible()
    expect(desk).to_have_url(re.compile(r"q=nunes"))


def test_more_clients_come_below(desk):
    for number in range(55):
        make_client(f"Ava Brown{number:02}")
    desk.goto("/clients/")
    expect(desk.locator("tbody tr:has(a.row-link)")).to_have_count(50)
    desk.get_by_role("link", name="More clients").click()
    expect(desk.locator("tbody tr:has(a.row-link)")).to_have_count(56)


def test_by_keyboard_from_anywhere_to_a_client(desk, clara):
    desk.goto("/clients/new/")
    desk.locator("h1").click()
    press(desk, "/")
    desk.keyboard.type("cla")
    expect(desk.get_by_role("option", name=re.compile("Clara"))).to_be_visible()
    press(desk, "ArrowDown")
    press(desk, "Enter")
    desk.wait_for_url(f"**/clients/{clara.pk}/")


def test_the_balance_is_adjusted_in_a_dialog(desk, clara):
    make_credit(clara, 40)
    desk.goto(f"/clients/{clara.pk}/payment-methods/")
    press(desk, "a")
    sheet = desk.locator("#sheet")
    sheet.get_by_label("Amount").fill("15")
    sheet.get_by_text("Take away").check(force=True)
    expect(sheet.get_by_text("$25.00 credit")).to_be_visible()
    sheet.get_by_role("button", name="Adjust balance").click()
    expect(sheet.get_by_role("alert")).to_contain_text("Choose a reason.")
    expect(sheet.get_by_label("Amount")).to_have_value(re.compile(r"15(\.00)?"))
    sheet.get_by_label("Correction").check(force=True)
    sheet.get_by_role("button", name="Adjust balance").click()
    expect(desk.locator("#toasts")).to_contain_text("It is now $25.00 credit.")
    assert balance_of(clara, make_desk().business_date).total == dollars(25)


def test_a_look_alike_is_shown_before_a_client_is_added(desk):
    desk.goto("/clients/new/?name=Rosa Klein")
    expect(desk.get_by_label("First name")).to_have_value("Rosa")
    desk.get_by_label("Phone").fill("212 555 0142")
    press(desk, "Enter")
    expect(desk.get_by_role("alert")).to_contain_text("Clara Nuñez")
    desk.wait_for_load_state()
    desk.get_by_role("button", name="Save anyway").click()
    expect(desk.get_by_role("heading", name="Rosa Klein")).to_be_visible()


PAGES = [
    "/clients/",
    "/clients/?q=nobody-at-all",
    "/clients/new/",
    "/clients/{pk}/",
    "/clients/{pk}/edit/",
    "/clients/{pk}/payment-methods/",
    "/clients/{pk}/history/",
    "/clients/{pk}/history/?start=never",
    "/clients/{pk}/adjust/",
    "/search/?q=clara",
    "/no/such/page/",
]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (820, "dark"), (1440, "light")])
def test_no_page_scrolls_sideways_and_axe_finds_nothing(desk, clara, width, scheme):
    make_credit(clara, 40)
    make_credit(clara, 30, source="deposit", visit=make_appointment(clara).pk)
    make_debt(clara, 12)
    clara.first_name = "Maximiliane-Theodora von Hohenzollern-Sigmaringen"
    clara.email = "maximiliane.theodora.von.hohenzollern@example-of-a-long-domain.com"
    clara.save()
    desk.set_viewport_size({"width": width, "height": 900})
    desk.emulate_media(color_scheme=scheme)
    for address in PAGES:
        desk.goto(address.format(pk=clara.pk))
        all_is_there(desk)
        is_clean(desk)
