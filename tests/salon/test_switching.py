"""A shared tablet: switching by PIN, asking after idle minutes, every act under the right name."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkout.models import Order
from checkout.opening import open_order
from salon import clock, guessing, pins
from salon.models import BusinessSettings, SettingChange, StaffMember
from tests.checkout.helpers import order_with
from tests.factories import (
    PASSWORD,
    make_browser,
    make_client,
    make_desk,
    make_location,
    make_staff,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/clients/?q=c"}


@pytest.fixture(autouse=True)
def fast_hashing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def with_pin(name, pin, **fields):
    person = make_staff(name, password=make_password(PASSWORD), **fields)
    return pins.set_pin(staff=person, pin=pin)


@pytest.fixture
def midtown():
    return make_location("Midtown")


@pytest.fixture
def jo(midtown):
    return with_pin("Jo", "4711", location=midtown)


@pytest.fixture
def marcus(midtown):
    return with_pin("Marcus", "731952", location=midtown)


@pytest.fixture
def tablet(jo, marcus, midtown, client):
    """Jo has logged in on it with her password."""
    client.post("/login/", {"username": "jo", "password": PASSWORD})
    return client


def switch(browser, person, pin, back="", **headers):
    data = {"staff": person.pk, "pin": pin, "next": back}
    return browser.post("/switch/", data, headers=headers)


def who(browser):
    return browser.get("/clients/").context["user"]


# --- A PIN of one's own -----------------------------------------------------------------------


def test_one_chooses_a_pin_with_ones_password(client, midtown):
    make_staff("Jo")
    client.post("/login/", {"username": "jo", "password": PASSWORD})
    response = client.post("/pin/", {"pin": "4711", "again": "4711", "password": PASSWORD})
    assert response.status_code == 302
    jo = StaffMember.objects.get(username="jo")
    assert pins.fits(jo, "4711")
    assert "4711" not in jo.pin
    change = SettingChange.objects.get(setting="PIN")
    assert (change.subject, change.staff, change.after) == ("Staff member: Jo", jo, "set")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"pin": "471", "again": "471"}, "Enter 4 to 6 digits"),
        ({"pin": "4711471", "again": "4711471"}, "Enter 4 to 6 digits"),
        ({"pin": "47a1", "again": "47a1"}, "Enter 4 to 6 digits"),
        ({"pin": "٤٧١١", "again": "٤٧١١"}, "Enter 4 to 6 digits"),
        ({"pin": "1234", "again": "1234"}, "among the first"),
        ({"pin": "9876", "again": "9876"}, "among the first"),
        ({"pin": "0000", "again": "0000"}, "among the first"),
        ({"pin": "4711", "again": "4712"}, "not the same"),
        ({"pin": "4711", "again": "4711", "password": "wrong"}, "not your password"),
        ({"pin": "4711", "again": "4711", "password": ""}, "Enter your password"),
    ],
)
def test_what_is_no_pin_is_told(midtown, typed, says):
    jo = make_staff("Jo", password=make_password(PASSWORD))
    response = make_browser(jo).post("/pin/", {"password": PASSWORD, **typed})
    assert response.status_code == 422
    assert says in response.content.decode()
    jo.refresh_from_db()
    assert jo.pin == ""


def test_choosing_a_pin_is_no_way_to_guess_a_password(midtown):
    jo = make_staff("Jo", password=make_password(PASSWORD))
    browser = make_browser(jo)
    data = {"pin": "4711", "again": "4711"}
    for _ in range(guessing.TRIES):
        browser.post("/pin/", data | {"password": "wrong"})
    response = browser.post("/pin/", data | {"password": PASSWORD})
    assert "Wait five minutes" in response.content.decode()


def test_a_pin_can_be_removed_by_oneself_and_cleared_by_a_manager(tablet, jo, marcus):
    tablet.post("/pin/", {"clear": "1"})
    jo.refresh_from_db()
    assert jo.pin == ""
    olivia = make_browser("Olivia")
    address = "/admin/salon/staffmember/"
    chosen = {"action": "clear_pin", "_selected_action": [marcus.pk]}
    page = olivia.post(address, chosen, follow=True).content.decode()
    assert "no PIN any more" in page
    marcus.refresh_from_db()
    assert marcus.pin == ""
    assert SettingChange.objects.filter(setting="PIN", after="cleared").count() == 2


def test_a_manager_does_not_clear_the_pin_of_who_may_do_more(marcus, midtown):
    owner = with_pin("Olivia", "8520", location=midtown)
    marcus.role.permissions.add(*_staff_permissions())
    browser = make_browser(marcus)
    browser.post(
        "/admin/salon/staffmember/", {"action": "clear_pin", "_selected_action": [owner.pk]}
    )
    owner.refresh_from_db()
    assert owner.pin


def _staff_permissions():
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=["change_staffmember", "view_staffmember"])


# --- Switching --------------------------------------------------------------------------------


def test_the_right_pin_and_the_tablet_is_theirs(tablet, jo, marcus):
    before = tablet.session.session_key
    token = tablet.get("/clients/").context["csrf_token"]
    response = switch(tablet, marcus, "731952", back="/clients/?q=clara")
    assert response.headers["Location"] == "/clients/?q=clara"
    assert tablet.session.session_key != before
    assert str(tablet.get("/clients/").context["csrf_token"]) != str(token)
    assert who(tablet) == marcus


def test_the_location_stays_and_nobody_is_sent_elsewhere(tablet, marcus):
    StaffMember.objects.filter(pk=marcus.pk).update(location=None)
    other = make_location("Astoria")
    tablet.post("/location/", {"location": other.pk})
    response = switch(tablet, marcus, "731952", back="https://evil.example/")
    assert response.headers["Location"] == "/"
    assert tablet.get("/clients/").context["location"] == other


def test_a_wrong_pin_switches_nobody(tablet, jo, marcus):
    response = switch(tablet, marcus, "4711")
    assert response.status_code == 422
    page = response.content.decode()
    assert "That is not Marcus’s PIN. Jo is still at the desk." in page
    assert 'value="4711"' not in page
    assert who(tablet) == jo


def test_five_wrong_pins_and_even_the_right_one_has_to_wait(tablet, jo, marcus):
    for _ in range(guessing.TRIES):
        switch(tablet, marcus, "1357")
    response = switch(tablet, marcus, "731952")
    assert "Too many wrong PINs for Marcus. Wait five minutes" in response.content.decode()
    assert who(tablet) == jo
    # Neither others nor the password wait with them.
    assert switch(tablet, jo, "4711").status_code == 302
    tablet.post("/login/", {"username": "marcus", "password": PASSWORD})
    assert who(tablet) == marcus


def test_what_the_one_before_saw_is_gone_from_the_browser(tablet, jo, marcus):
    assert switch(tablet, marcus, "731952")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in tablet.get("/clients/")


@pytest.mark.parametrize(
    "why_not", [{"is_active": False}, {"password": "!unusable"}, {"pin": ""}, {"location": None}]
)
def test_who_may_not_log_in_here_may_not_switch(tablet, jo, marcus, why_not):
    if "location" in why_not:
        why_not = {"location": make_location("Astoria")}
    StaffMember.objects.filter(pk=marcus.pk).update(**why_not)
    assert "Marcus" not in tablet.get("/switch/").content.decode()
    response = switch(tablet, marcus, "731952")
    assert "Choose your name" in response.content.decode()
    assert who(tablet) == jo


def test_a_tablet_that_nobody_logged_in_on_takes_no_pin(client, jo, marcus):
    assert client.get("/switch/").headers["Location"].startswith("/login/")
    assert switch(client, marcus, "731952").headers["Location"].startswith("/login/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "data", [{}, {"staff": "x", "pin": "1"}, {"staff": "9" * 30, "pin": "4711"}, {"pin": "4711"}]
)
def test_what_no_form_would_send_is_told(tablet, jo, data):
    assert tablet.post("/switch/", data).status_code == 422
    assert who(tablet) == jo


def test_an_open_page_is_out_of_date_after_a_switch(tablet, marcus):
    tablet.handler.enforce_csrf_checks = True
    token = str(tablet.get("/clients/").context["csrf_token"])
    assert tablet.post("/sales/new/", {"csrfmiddlewaretoken": token}).status_code == 302
    data = {"staff": marcus.pk, "pin": "731952", "csrfmiddlewaretoken": token}
    assert tablet.post("/switch/", data).status_code == 302
    response = tablet.post("/sales/new/", {"csrfmiddlewaretoken": token})
    assert response.status_code == 403
    assert "This page is out of date" in response.content.decode()
    response = tablet.post("/sales/new/", headers=HTMX)
    assert response.headers["X-Out-Of-Date"] == "1"


def test_settings_want_the_password_a_pin_does_not_open_them(tablet, marcus):
    assert switch(tablet, marcus, "731952").status_code == 302
    response = tablet.get("/admin/")
    assert response.headers["Location"] == "/login/?next=%2Fadmin%2F"
    assert "not with a PIN" in tablet.get(response.headers["Location"]).content.decode()
    tablet.post("/login/", {"username": "marcus", "password": PASSWORD})
    assert tablet.get("/admin/").status_code == 200


# --- Every act under the right name -----------------------------------------------------------


def test_a_sale_opened_by_jo_and_closed_by_marcus_names_both(tablet, jo, marcus, midtown):
    tablet.post("/sales/new/")
    order = Order.objects.get()
    address = f"/sales/{order.uuid}"
    act = {"uuid": "5f0c7b0e-4c1e-4f86-9a4a-6d2f5b6a1c01", "revision": 0}
    tablet.post(f"{address}/lines/custom/", act | {"description": "Extra", "amount": "10"})
    switch(tablet, marcus, "731952", back=f"{address}/")
    # The form that Jo had open goes in under the name of who sends it.
    act = {"uuid": "5f0c7b0e-4c1e-4f86-9a4a-6d2f5b6a1c02", "revision": 1}
    tablet.post(f"{address}/payments/cash/", act | {"amount": "10.00", "given": "10.00"})
    act = {"uuid": order.uuid, "revision": 2}
    tablet.post(f"{address}/close/", act)
    order.refresh_from_db()
    assert (order.opened_by, order.closed_by) == (jo, marcus)
    assert order.tenders.get().taken_by == marcus
    assert order.entry.staff == marcus
    assert order.location == midtown


# --- Idle minutes -----------------------------------------------------------------------------


@pytest.fixture
def five_minutes():
    BusinessSettings.objects.update(pin_minutes=5)


@pytest.fixture
def travel():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield lambda seconds: traveller.shift(dt.timedelta(seconds=seconds))


def test_after_so_many_idle_minutes_the_desk_asks(five_minutes, travel, tablet, jo):
    assert tablet.get("/clients/").status_code == 200
    travel(299)
    assert tablet.get("/clients/").status_code == 200
    travel(300)
    response = tablet.get("/clients/?q=clara")
    assert response.headers["Location"] == "/switch/?next=%2Fclients%2F%3Fq%3Dclara"
    page = tablet.get(response.headers["Location"]).content.decode()
    assert "The desk is locked" in page
    assert "Stay Jo" not in page
    # Looking at the page that asks opens nothing.
    assert tablet.get("/clients/").status_code == 302
    assert switch(tablet, jo, "4711", back="/clients/?q=clara").status_code == 302
    assert tablet.get("/clients/").status_code == 200


def test_never_is_the_default(travel, tablet):
    tablet.get("/clients/")
    travel(24 * 3600)
    assert tablet.get("/clients/").status_code == 200
    assert "seen" not in tablet.session


def test_what_is_pressed_on_a_locked_desk_is_not_done_and_told(five_minutes, travel, tablet):
    tablet.get("/clients/")
    travel(301)
    response = tablet.post("/sales/new/", headers={"Referer": "http://testserver/clients/?q=clara"})
    assert response.headers["Location"] == "/switch/?next=%2Fclients%2F%3Fq%3Dclara"
    assert not Order.objects.exists()
    page = tablet.get(response.headers["Location"]).content.decode()
    assert "What you pressed was not done" in page


def test_a_fragment_asked_on_a_locked_desk_takes_the_whole_page_there(five_minutes, travel, tablet):
    tablet.get("/clients/")
    travel(301)
    response = tablet.get("/clients/search/?q=c", headers=HTMX)
    assert response.headers["HX-Redirect"] == "/switch/?next=%2Fclients%2F%3Fq%3Dc"


def test_what_a_page_asks_by_itself_keeps_nobody_there(five_minutes, travel, tablet, jo):
    order = open_order(desk=make_desk(jo))
    tablet.get("/clients/")
    state = f"/sales/{order.uuid}/state/"
    for _ in range(5):
        travel(60)
        response = tablet.get(state, headers=HTMX)
    assert "/switch/" in response.headers["HX-Redirect"]


def test_hands_on_a_page_keep_it_open_and_its_own_question_does_not(five_minutes, travel, tablet):
    tablet.get("/clients/")
    travel(200)
    assert tablet.get("/switch/here/").status_code == 204
    travel(200)
    assert tablet.get("/switch/look/").status_code == 204
    travel(101)
    assert "/switch/" in tablet.get("/switch/look/", headers=HTMX).headers["HX-Redirect"]


def test_the_password_opens_a_locked_desk_too(five_minutes, travel, tablet, jo, marcus):
    tablet.get("/clients/")
    travel(301)
    tablet.post("/login/", {"username": "jo", "password": PASSWORD})
    assert tablet.get("/clients/").status_code == 200
    travel(301)
    assert tablet.post("/logout/").headers["Location"] == "/login/"


def test_where_nobody_has_a_pin_a_locked_desk_names_the_password(five_minutes, travel, midtown):
    browser = make_browser(make_staff("Jo"))
    browser.get("/clients/")
    travel(301)
    page = browser.get("/switch/").content.decode()
    assert "Nobody here has a PIN yet" in page
    assert "Log in with a password" in page


def test_the_minutes_cost_no_query(five_minutes, travel, tablet, django_assert_num_queries):
    tablet.get("/clients/")
    with django_assert_num_queries(9):
        tablet.get("/clients/")


# --- The last client, the last sale -----------------------------------------------------------


def recent(browser, address="/clients/"):
    return [(item.kind.label, item.name) for item in browser.get(address).context["recent"]]


def test_the_last_client_and_the_last_sale_are_one_key_away(tablet, jo):
    clara, ben = make_client("Clara Nuñez"), make_client("Ben Okafor")
    order = order_with(make_desk(jo), clara, custom=10)
    assert recent(tablet) == []
    tablet.get(f"/clients/{ben.pk}/")
    tablet.get(f"/clients/{clara.pk}/payment-methods/")
    tablet.get(f"/sales/{order.uuid}/")
    assert recent(tablet) == [("Last client", "Clara Nuñez"), ("Last sale", f"#{order.number}")]
    # On Clara's own pages it is the one before her.
    assert recent(tablet, f"/clients/{clara.pk}/")[0] == ("Last client", "Ben Okafor")
    page = tablet.get("/clients/").content.decode()
    assert f'href="/clients/{clara.pk}/" data-key-press="v"' in page
    assert f'href="/sales/{order.uuid}/" data-key-press="z"' in page


def test_everybody_finds_their_own(tablet, jo, marcus):
    clara = make_client("Clara Nuñez")
    tablet.get(f"/clients/{clara.pk}/")
    switch(tablet, marcus, "731952")
    assert recent(tablet) == []
    switch(tablet, jo, "4711")
    assert recent(tablet) == [("Last client", "Clara Nuñez")]


def test_looking_at_the_same_client_again_writes_nothing(tablet):
    clara = make_client("Clara Nuñez")
    tablet.get(f"/clients/{clara.pk}/")
    with CaptureQueriesContext(connection) as asked:
        tablet.get(f"/clients/{clara.pk}/")
    assert not [query for query in asked if "UPDATE" in query["sql"]]
