"""Booking in the browser, step by step: on a page of ours, or in a frame on somebody else's."""

from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Page

from tests.harness.browser import arrive
from tests.harness.processor import PAYS, TestProcessor

Shown = Page | FrameLocator


@dataclass(frozen=True)
class Stranger:
    """What somebody types who books."""

    first_name: str
    last_name: str
    phone: str
    email: str


CLARA = Stranger("Clara", "Nuñez", "(212) 555-0142", "clara@example.com")
HANA = Stranger("Hana", "Sato", "(212) 555-0177", "hana@example.com")


def choose_maya(shown: Shown) -> None:
    """From the services: the cut, and who gives it."""
    arrive(shown.get_by_role("heading", name="What would you like?"))
    shown.get_by_text("Cut & finish").click()
    shown.get_by_role("button", name="Continue").click()
    arrive(shown.get_by_role("heading", name="Who should do it?"))
    shown.get_by_role("link", name="Maya").click()
    arrive(shown.get_by_role("heading", name="When suits you?"))


def choose_a_time(shown: Shown, *, days: int = 3) -> None:
    """So many days ahead: on the third, canceling is still free."""
    shown.locator("button.day").nth(days).click()
    shown.locator("button.start").nth(4).click()
    arrive(shown.get_by_role("heading", name="Who is coming?"))


def type_details(shown: Shown, who: Stranger = CLARA) -> None:
    """Who comes, and on to look it over."""
    shown.get_by_label("First name").fill(who.first_name)
    shown.get_by_label("Last name").fill(who.last_name)
    shown.get_by_label("Mobile phone").fill(who.phone)
    shown.get_by_label("E-mail").fill(who.email)
    shown.get_by_role("button", name="Look it over").click()


def walk_to_the_last_step(shown: Shown, who: Stranger = CLARA, *, days: int = 3) -> None:
    """From the services to all of it, looked over."""
    choose_maya(shown)
    choose_a_time(shown, days=days)
    type_details(shown, who)
    arrive(shown.get_by_role("heading", name="Look it over and pay"))


def agree_and_pay(shown: Shown) -> None:
    """On to the card page."""
    shown.get_by_label("I have read the cancellation policy").check()
    shown.get_by_role("button", name="Pay $25.50 deposit").click()


def pay_on_the_card_page(page: Page, processor: TestProcessor) -> None:
    """The card pays, and the page after it says so."""
    page.wait_for_url(f"{processor.url}/**")
    page.locator(f"button[value='{PAYS}']").click()
    arrive(page.get_by_role("heading", name="You’re booked"))


def book_and_pay(page: Page, processor: TestProcessor, who: Stranger = CLARA, *, days: int = 3):
    """All of it, as a stranger who was given the address and nothing else."""
    page.goto("/book/")
    walk_to_the_last_step(page, who, days=days)
    agree_and_pay(page)
    pay_on_the_card_page(page, processor)
