"""A day at the book: a visit added where one presses, moved by keys and by hand, and ended."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from appointments.booking import book, change
from appointments.models import Appointment
from appointments.segments import Wanted
from salon import clock
from tests.factories import (
    make_client,
    make_credit,
    make_desk,
    make_hours,
    make_service,
    make_staff,
)
from tests.harness.browser import WIDTHS, all_is_there, arrive, is_clean, log_in, press

pytestmark = pytest.mark.browser
Status = Appointment.Status


@pytest.fixture
def desk(live_desk):
    return make_desk("Marcus")


@pytest.fixture
def day(desk):
    """A week from now; nine in the morning there, when the salon opens."""
    make_hours()
    date = clock.business_date(desk.location) + dt.timedelta(days=7)
    return dt.datetime.combine(date, dt.time(9), tzinfo=desk.location.zone)


@pytest.fixture
def visits(desk, day):
    """Clara at ten with Maya, Ben at noon with her, Ines at ten with Theo; Clara has a deposit."""
    cut, maya, theo = make_service(), make_staff("Maya"), make_staff("Theo")
    plan = {"Clara Nuñez": (1, maya), "Ben Okafor": (3, maya), "Ines Duarte": (1, theo)}
    made = {
        name.split()[0]: book(
            client=make_client(name),
            starts_at=day + dt.timedelta(hours=hour),
            services=[Wanted(cut, person)],
            desk=desk,
        )
        for name, (hour, person) in plan.items()
    }
    make_credit(made["Clara"].client, 30, source="deposit", visit=made["Clara"].pk)
    return made


@pytest.fixture
def book_page(page, visits, day):
    """Marcus at the book of that day. Errors of its scripts fail the test."""
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    log_in(page, "Marcus")
    page.goto(f"/calendar/?date={day:%Y-%m-%d}")
    all_is_there(page)
    yield page
    assert errors == []


def card(page: Page, name: str):
    return page.locator(".visit", has_text=name)


def lane(page: Page, person: str):
    return page.locator(f"[data-column][data-title='{person}'] [data-lane]")


def starts(visit: Appointment, day: dt.datetime) -> dt.timedelta:
    """How long after nine it begins now."""
    return Appointment.objects.get(pk=visit.pk).starts_at - day


def pixels(page: Page, minutes: int) -> float:
    return minutes / 5 * page.evaluate("window.salonBook.rowPixels()")


def drag(page: Page, name: str, person: str, minutes: int) -> None:
    """Drag somebody's card by so many minutes into a person's column."""
    grip, column = card(page, name).bounding_box(), lane(page, person).bounding_box()
    x, y = grip["x"] + 30, grip["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8, steps=2)
    page.mouse.move(column["x"] + 40, y + pixels(page, minutes), steps=6)
    expect(page.locator(".drop")).to_be_visible()
    page.mouse.up()


def test_the_book_is_clean_and_shows_the_deposit(book_page):
    expect(card(book_page, "Clara").get_by_text("$30.00 deposit")).to_be_visible()
    expect(book_page.locator(".visit-held .chip")).to_have_count(1)
    is_clean(book_page, widths=WIDTHS)
    book_page.get_by_role("link", name="Week", exact=True).click()
    arrive(book_page.locator(".book-week"))
    is_clean(book_page, widths=WIDTHS)


def test_a_press_on_free_time_adds_a_visit_there(book_page, day):
    box = lane(book_page, "Theo").bounding_box()
    at = box["y"] + pixels(book_page, 5 * 60 + 20)
    book_page.mouse.move(box["x"] + 50, at)
    expect(book_page.locator(".slot")).to_contain_text("2:15 pm")
    book_page.mouse.click(box["x"] + 50, at)
    arrive(book_page.locator("#pick-client"))
    expect(book_page.get_by_label("Start")).to_have_value("14:15")
    expect(book_page.get_by_label("With").locator("option:checked")).to_have_text("Theo")
    book_page.locator("#pick-client").fill("okafor")
    book_page.get_by_role("option", name="Ben Okafor").click()
    expect(book_page.get_by_role("button", name="Another client")).to_be_visible()
    book_page.get_by_label("Service", exact=True).select_option(label="Cut & finish · 60 min")
    book_page.get_by_role("button", name="Add visit").click()
    arrive(book_page.locator(".book-frame"))
    expect(lane(book_page, "Theo").locator(".visit", has_text="Ben")).to_contain_text("2:15 pm")


def test_free_time_is_reached_by_keys_and_n_adds_a_visit_there(book_page):
    card(book_page, "Clara").focus()
    press(book_page, "ArrowDown")
    expect(book_page.locator("[data-gap]:focus")).to_have_accessible_name(
        "Maya is free from 11:00 am to 12:00 pm. Add a visit"
    )
    press(book_page, "n")
    arrive(book_page.locator("#pick-client"))
    expect(book_page.get_by_label("Start")).to_have_value("11:00")
    expect(book_page.get_by_label("With").locator("option:checked")).to_have_text("Maya")


def test_a_visit_is_moved_by_keys_refused_and_moved_back(book_page, visits, day):
    press(book_page, "ArrowDown")
    expect(card(book_page, "Clara")).to_be_focused()
    press(book_page, "ArrowRight")
    expect(card(book_page, "Ines")).to_be_focused()
    press(book_page, "m")
    expect(book_page.locator("#book-voice")).to_contain_text("Ines Duarte picked up, 10:00 am")
    for key in ("ArrowLeft", "ArrowDown", "Escape"):
        press(book_page, key)
    expect(book_page.locator(".drop")).to_have_count(0)
    for key in ("m", "ArrowLeft", "ArrowDown", "Enter"):
        press(book_page, key)
    sheet = book_page.get_by_role("dialog")
    expect(sheet).to_contain_text("Maya is with Clara Nuñez from 10:00 am to 11:00 am.")
    is_clean(book_page, "#sheet")
    sheet.get_by_role("button", name="Move to 11:00 am").click()
    expect(lane(book_page, "Maya").locator(".visit", has_text="Ines")).to_contain_text("11:00")
    expect(sheet).to_be_hidden()
    assert starts(visits["Ines"], day) == dt.timedelta(hours=2)
    book_page.get_by_role("button", name="Undo").click()
    expect(lane(book_page, "Theo").locator(".visit", has_text="Ines")).to_contain_text("10:00")
    assert starts(visits["Ines"], day) == dt.timedelta(hours=1)


def test_a_visit_is_dragged(book_page, visits, day):
    drag(book_page, "Ben", "Theo", 90)
    expect(lane(book_page, "Theo").locator(".visit", has_text="Ben")).to_contain_text("1:30 pm")
    expect(book_page.locator("#toasts")).to_contain_text("1:30 pm now, with Theo")
    expect(book_page.locator("#sheet")).to_be_hidden()
    assert starts(visits["Ben"], day) == dt.timedelta(hours=4, minutes=30)


def test_check_in_then_out(book_page, visits):
    card(book_page, "Ben").click()
    sheet = book_page.get_by_role("dialog", name="Ben Okafor")
    is_clean(book_page, "#sheet")
    press(book_page, "i")
    expect(card(book_page, "Ben")).to_contain_text("Checked in")
    expect(sheet).to_be_hidden()
    expect(card(book_page, "Ben")).to_be_focused()
    press(book_page, "Enter")
    sheet.get_by_role("button", name="Check out").click()
    book_page.wait_for_url(re.compile("/sales/"))


def test_late_and_never_came(book_page, visits):
    card(book_page, "Ben").click()
    sheet = book_page.get_by_role("dialog")
    sheet.get_by_role("link", name="Late cancellation…").click()
    expect(sheet.get_by_label("Late cancellation")).to_be_checked()
    sheet.get_by_label("No-show").check()
    expect(sheet.get_by_role("button", name="Mark as no-show")).to_be_visible()
    expect(sheet.get_by_label("No-show")).to_be_focused()
    is_clean(book_page, "#sheet")
    sheet.get_by_role("button", name="Mark as no-show").click()
    expect(card(book_page, "Ben")).to_have_count(0)
    card(book_page, "Ines").click()
    sheet.get_by_role("link", name="Late cancellation…").click()
    sheet.get_by_role("button", name="Cancel it as late").click()
    expect(card(book_page, "Ines")).to_have_count(0)
    book_page.get_by_role("link", name="Show canceled").click()
    expect(card(book_page, "Ines")).to_contain_text("Canceled late")
    assert Appointment.objects.get(pk=visits["Ben"].pk).status == Status.NO_SHOW
    assert Appointment.objects.get(pk=visits["Ines"].pk).status == Status.LATE


def test_a_visit_becomes_somebody_elses(book_page, visits):
    card(book_page, "Ben").click()
    sheet = book_page.get_by_role("dialog")
    sheet.get_by_role("link", name="Give to another client…").click()
    sheet.get_by_role("combobox").fill("duarte")
    sheet.get_by_role("option", name="Ines Duarte").click()
    is_clean(book_page, "#sheet")
    sheet.get_by_role("button", name="Give it to Ines Duarte").click()
    expect(card(book_page, "Ines")).to_have_count(2)


def test_another_desks_change_arrives_without_taking_the_focus(book_page, visits, desk):
    card(book_page, "Clara").focus()
    Appointment.objects.filter(pk=visits["Ben"].pk).update(status=Status.CHECKED_IN)
    book_page.evaluate(
        "htmx.ajax('GET', document.querySelector('#book').getAttribute('hx-get'),"
        " {source: '#book', target: '#book', swap: 'outerHTML'})"
    )
    expect(card(book_page, "Ben")).to_contain_text("Checked in")
    expect(card(book_page, "Clara")).to_be_focused()
    expect(card(book_page, "Clara").get_by_text("$30.00 deposit")).to_be_visible()


def test_a_drop_on_what_another_desk_changed_is_refused_and_the_book_is_fresh(
    book_page, visits, desk, day
):
    theirs = visits["Ben"]
    services = [Wanted(part.service, part.staff) for part in theirs.services.all()]
    card(book_page, "Ben").focus()
    press(book_page, "m")
    change(appointment=theirs, starts_at=day + dt.timedelta(hours=6), services=services, desk=desk)
    press(book_page, "ArrowDown")
    press(book_page, "Enter")
    expect(book_page.get_by_role("dialog")).to_contain_text("changed at another desk")
    press(book_page, "Escape")
    expect(card(book_page, "Ben")).to_contain_text("3:00 pm")
    expect(card(book_page, "Ben")).to_be_focused()


@pytest.mark.browser_context_args(
    viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
)
def test_on_a_phone_one_column_at_a_time(book_page):
    expect(card(book_page, "Clara")).to_be_in_viewport()
    expect(card(book_page, "Ines")).not_to_be_in_viewport()
    book_page.locator("[data-column-tab]", has_text="Theo").tap()
    expect(card(book_page, "Ines")).to_be_in_viewport()
    expect(book_page.locator("[data-column-tab][aria-current]")).to_contain_text("Theo")
