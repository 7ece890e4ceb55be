"""How many touches, or keys, a regular's visit takes after Check out: at most five."""

import datetime as dt

import pytest
from playwright.sync_api import Locator, Page, expect

from clients.models import Client
from salon import clock
from salon.models import Location
from tests.factories import (
    make_appointment,
    make_client,
    make_credit,
    make_location,
    make_service,
    make_staff,
)
from tests.harness.browser import PHONE, log_in, press

pytestmark = pytest.mark.browser
MOST = 5


@pytest.fixture
def salon(live_desk) -> Location:
    location = make_location()
    make_staff("Jo", location=location)
    return location


def comes_in(location: Location, credit: int) -> Client:
    """Clara, at noon to Maya for $85.00, with so much credit."""
    clara = make_client("Clara Nuñez")
    if credit:
        make_credit(clara, credit)
    day = clock.business_date(location)
    noon = dt.datetime.combine(day, dt.time(12), location.zone)
    maya = make_staff("Maya", location=location)
    make_appointment(clara, make_service(), maya, noon, location, status="checked_in")
    return clara


class Hand:
    """Counts what a hand does. Waiting for the page, as eyes do, counts nothing."""

    def __init__(self, page: Page, *, is_touch: bool = False) -> None:
        self.page = page
        self.is_touch = is_touch
        self.acts = 0

    def touch(self, target: Locator) -> None:
        expect(target).to_be_visible()
        if self.is_touch:
            target.tap()
        else:
            target.click()
        self.acts += 1

    def key(self, key: str) -> None:
        press(self.page, key)
        self.acts += 1

    def way(self, kind: str) -> Locator:
        return self.page.locator(f"#pay-{kind}-1")

    def button(self, name: str) -> Locator:
        return self.page.locator("#pay").get_by_role("button", name=name)


def by_touch(hand: Hand, *ways: tuple[str, str]) -> None:
    """Each way to pay, then the button that takes it, then Close."""
    for way, button in ways:
        hand.touch(hand.way(way))
        hand.touch(hand.button(button))
    hand.touch(hand.button("Close sale"))


def by_keys(hand: Hand, *ways: tuple[str, str]) -> None:
    for key, label in ways:
        expect(hand.page.locator("#pay .methods")).to_be_visible()
        hand.key(key)
        expect(hand.page.get_by_label(label)).to_be_focused()
        hand.key("Enter")
    expect(hand.page.get_by_role("button", name="Close sale")).to_be_focused()
    hand.key("Enter")


VISITS = {
    "all from credit": (200, [("credits", "Apply $85.00 credit")], [("c", "Amount to apply")]),
    "credit, the rest in cash": (
        50,
        [("credits", "Apply $50.00 credit"), ("cash", "Charge $35.00")],
        [("c", "Amount to apply"), ("k", "Cash given")],
    ),
    "card": (0, [("card", "Charge $85.00")], [("d", "Amount")]),
}
TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True}
HANDS = [
    pytest.param("tablet", marks=pytest.mark.browser_context_args(**TABLET)),
    pytest.param("phone", marks=pytest.mark.browser_context_args(**PHONE)),
    "keyboard",
]


@pytest.mark.parametrize("hands", HANDS)
@pytest.mark.parametrize("visit", VISITS)
def test_a_visit_is_closed_in_at_most_five(
    salon: Location, page: Page, hands: str, visit: str
) -> None:
    credit, touches, keys = VISITS[visit]
    comes_in(salon, credit)
    log_in(page, "Jo")
    if hands == "keyboard":
        press(page, "j")
        press(page, "c")
    else:
        page.get_by_role("button", name="Check out Clara Nuñez").tap()
    page.wait_for_url("**/sales/*/#pay")

    if hands == "keyboard":
        hand = Hand(page)
        by_keys(hand, *keys)
    else:
        hand = Hand(page, is_touch=True)
        by_touch(hand, *touches)
    expect(page.get_by_role("heading", name="is closed")).to_be_visible()
    assert hand.acts <= MOST
