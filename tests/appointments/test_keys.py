"""Today and the visit form in a real browser: by keyboard, with script."""

import datetime as dt

import pytest
from django.conf import settings
from playwright.sync_api import expect

from appointments.booking import book
from appointments.models import Appointment
from appointments.segments import Wanted
from salon import clock
from tests.factories import make_client, make_desk, make_service, make_staff
from tests.harness.browser import arrive, press

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Jo")


@pytest.fixture
def day(desk):
    """A week from now, so that no test crosses midnight; nine in the morning there."""
    date = clock.business_date(desk.location) + dt.timedelta(days=7)
    return dt.datetime.combine(date, dt.time(9), tzinfo=desk.location.zone)


@pytest.fixture
def visits(desk, day):
    """Clara at nine, Ben at ten, Ines at eleven, all with Maya."""
    services = [Wanted(make_service(), make_staff("Maya"))]
    return [
        book(
            client=make_client(name),
            starts_at=day + dt.timedelta(hours=hour),
            services=services,
            desk=desk,
        )
        for hour, name in enumerate(["Clara Nuñez", "Ben Okafor", "Ines Duarte"])
    ]


@pytest.fixture
def jo(desk, client, live_desk, page):
    """Jo's page, signed in. Errors of its scripts fail the test."""
    client.force_login(desk.staff)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_desk.url}]
    )
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    assert errors == []


def on(page, day):
    page.goto(f"/?date={day:%Y-%m-%d}")


def test_keys_go_from_visit_to_visit_and_act_on_one(jo, day, visits):
    on(jo, day)
    rows = jo.locator("[data-row-open]")
    press(jo, "j")
    expect(rows.nth(0)).to_be_focused()
    press(jo, "j")
    press(jo, "ArrowDown")
    press(jo, "k")
    expect(rows.nth(1)).to_be_focused()
    press(jo, "i")
    expect(jo.get_by_text("Ben Okafor is checked in.")).to_be_visible()
    press(jo, "j")
    expect(rows.nth(1)).to_be_focused()
    press(jo, "Enter")
    jo.wait_for_url(f"**/visits/{visits[1].uuid}/edit/")


def test_c_checks_out_the_visit_in_focus(jo, day, visits):
    on(jo, day)
    press(jo, "c")
    press(jo, "j")
    with jo.expect_request(f"**/sales/for-visit/{visits[0].uuid}/") as sent:
        press(jo, "c")
    assert sent.value.method == "POST"


def test_keys_are_letters_where_one_types(jo, day, visits):
    on(jo, day)
    press(jo, "f")
    jo.keyboard.type("jack")
    expect(jo.get_by_label("Client’s name, phone or e-mail")).to_have_value("jack")
    expect(jo.get_by_text("No visit matches")).to_be_visible()


def test_typing_narrows_the_day_and_the_staff_choice_too(jo, day, visits):
    make_staff("Theo")
    on(jo, day)
    jo.get_by_label("Client’s name, phone or e-mail").fill("nunez")
    expect(jo.locator("[data-row]")).to_have_count(1)
    jo.get_by_label("Client’s name, phone or e-mail").fill("")
    expect(jo.locator("[data-row]")).to_have_count(3)
    jo.get_by_label("Visits with").select_option(label="Theo")
    expect(jo.get_by_text("No visit matches")).to_be_visible()


def test_a_visit_is_canceled_in_a_sheet_never_silently(jo, day, visits):
    on(jo, day)
    jo.get_by_label("More for Clara Nuñez").click()
    jo.get_by_role("link", name="Cancel visit…").click()
    sheet = jo.get_by_role("dialog", name="Cancel this visit?")
    sheet.get_by_text("Keep the visit").click()
    expect(sheet).to_be_hidden()
    assert Appointment.objects.get(pk=visits[0].pk).status == "booked"
    jo.get_by_label("More for Clara Nuñez").click()
    jo.get_by_role("link", name="Cancel visit…").click()
    sheet.get_by_label("The client canceled").check()
    sheet.get_by_role("button", name="Cancel the visit").click()
    expect(jo.get_by_text("Put it back")).to_be_visible()
    assert Appointment.objects.get(pk=visits[0].pk).status == "canceled"


def test_a_visit_is_added_by_keyboard_alone(jo, day, visits):
    on(jo, day)
    press(jo, "a")
    arrive(jo.locator("#pick-client"))
    expect(jo.locator("#pick-client")).to_be_focused()
    jo.keyboard.type("okafor")
    expect(jo.get_by_role("option", name="Ben Okafor")).to_be_visible()
    press(jo, "ArrowDown")
    press(jo, "Enter")
    expect(jo.get_by_label("Service", exact=True)).to_be_focused()
    jo.wait_for_load_state()
    jo.keyboard.type("Cut")
    jo.get_by_label("With").focus()
    jo.keyboard.type("Maya")
    jo.get_by_label("Start").fill("09:30")
    press(jo, "Enter")
    expect(jo.get_by_text("Maya is with Clara Nuñez from 9:00 am to 10:00 am.")).to_be_visible()
    jo.get_by_role("button", name="Take 12:00 pm instead").press("Enter")
    expect(jo.locator("[data-row]")).to_have_count(4)
    assert Appointment.objects.filter(client=visits[1].client).count() == 2
