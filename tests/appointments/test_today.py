"""Today: what it lists, for whom, and at what cost."""

import datetime as dt

import pytest
import time_machine

from appointments.booking import book
from appointments.canceling import cancel
from appointments.checking_in import check_in
from appointments.finishing import finish
from appointments.segments import Wanted
from tests.appointments.conftest import DAY, at
from tests.factories import make_client, make_location, make_role, make_staff

HTMX = {"HX-Request": "true", "HX-Target": "visits"}


@pytest.fixture(autouse=True)
def half_past_ten():
    with time_machine.travel(at(10, 30), tick=False):
        yield


@pytest.fixture
def jo(client, desk):
    client.force_login(desk.staff)
    return client


@pytest.fixture
def visit(desk, wanted):
    return book(client=make_client(), starts_at=at(15, 15), services=wanted, desk=desk)


def times(response):
    return [row.time for row in response.context["day"].rows]


def test_a_visit_says_when_who_what_and_with_whom(jo, visit):
    page = jo.get("/")
    for words in ("3:15 pm", "Clara Nuñez", "Cut &amp; finish", "with Maya", "60 min", "Booked"):
        assert words in page.content.decode()
    assert "Tuesday, November 24" in page.content.decode()


def test_visits_stand_in_order_of_time(jo, desk, wanted):
    for hour in (15, 9, 12):
        book(client=make_client(), starts_at=at(hour), services=wanted, desk=desk)
    assert times(jo.get("/")) == ["9:00 am", "12:00 pm", "3:00 pm"]


def test_only_this_location_and_this_day_are_shown(jo, desk, visit, cut):
    make_location("Uptown")
    elsewhere = make_staff("Priya", is_provider=True)
    visit.location = make_location("Uptown")
    visit.save()
    tomorrow = DAY + dt.timedelta(days=1)
    book(
        client=make_client(),
        starts_at=at(9, day=tomorrow),
        services=[Wanted(cut, elsewhere)],
        desk=desk,
    )
    assert times(jo.get("/")) == []
    assert times(jo.get("/?date=2026-11-25")) == ["9:00 am"]


def test_the_small_hours_belong_to_the_day_before(jo, desk, wanted):
    night = at(1, day=DAY + dt.timedelta(days=1))
    book(client=make_client(), starts_at=night, services=wanted, desk=desk)
    assert times(jo.get("/")) == ["1:00 am"]


@pytest.mark.parametrize(
    "asked", ["", "yesterday", "2026-13-40", "0001-01-01", "9999-12-31", "%00"]
)
def test_a_date_that_cannot_be_read_is_today(jo, visit, asked):
    assert times(jo.get(f"/?date={asked}")) == ["3:15 pm"]


def test_the_list_narrows_to_a_staff_member(jo, desk, visit, theo, cut):
    services = [Wanted(cut, theo)]
    book(client=make_client("Ben Okafor"), starts_at=at(9), services=services, desk=desk)
    assert times(jo.get(f"/?staff={theo.pk}", headers=HTMX)) == ["9:00 am"]
    for nonsense in ("x", "-1", "9" * 30):
        assert len(times(jo.get(f"/?staff={nonsense}"))) == 2


@pytest.mark.parametrize(
    "typed", ["nunez", "CLARA", "clara nu", "0142", "(212) 555-0142", "clara@example"]
)
def test_typing_finds_a_client_of_the_day(jo, desk, visit, wanted, typed):
    book(client=make_client("Ben Okafor"), starts_at=at(9), services=wanted, desk=desk)
    page = jo.get("/", {"q": typed}, headers=HTMX)
    assert times(page) == ["3:15 pm"]
    assert "<html" not in page.content.decode()


@pytest.mark.parametrize("typed", ["zzyzx", "%", "_", "\0", "'"])
def test_typing_what_nobody_is_called_finds_nobody(jo, visit, typed):
    found = times(jo.get("/", {"q": typed}))
    assert found == (["3:15 pm"] if typed == "\0" else [])


def test_an_empty_day_says_what_to_do(jo):
    page = jo.get("/").content.decode()
    assert "No visits today" in page
    assert "/visits/new/?date=2026-11-24" in page


def test_sums_count_what_happens_and_what_is_left_to_check_out(jo, desk, wanted):
    visits = [
        book(client=make_client(), starts_at=at(hour), services=wanted, desk=desk)
        for hour in (11, 12, 13, 14)
    ]
    finish(appointment=visits[0])
    cancel(appointment=visits[1], reason="Ill", desk=desk)
    check_in(appointment=visits[2])
    page = jo.get("/").content.decode()
    assert "3 visits" in page
    assert "2 still to check out" in page
    assert page.count("Checked out") == page.count("Checked in") == 1


def test_the_present_runs_between_past_and_future_rows(jo, desk, wanted):
    for hour in (9, 12, 14):
        book(client=make_client(), starts_at=at(hour), services=wanted, desk=desk)
    assert jo.get("/").context["day"].now_before.time == "12:00 pm"
    assert "now-line" in jo.get("/").content.decode()
    assert "now-line" not in jo.get("/?date=2026-11-25").content.decode()


def test_who_should_have_come_already_is_marked(jo, desk, wanted):
    book(client=make_client(), starts_at=at(10), services=wanted, desk=desk)
    assert "not here yet" in jo.get("/").content.decode()


def test_without_permissions_nothing_can_be_pressed(client, desk, visit):
    client.force_login(make_staff("Sam", role=make_role("Assistant")))
    page = client.get("/").content.decode()
    assert "Clara Nuñez" in page
    for word in ("Check out", "Check in", "Cancel visit", "Add visit", "New sale", "/balances/"):
        assert word not in page


def test_nobody_sees_the_day_without_logging_in(client, db):
    assert client.get("/").status_code == 302


def test_an_overfull_day_costs_as_much_as_a_quiet_one(
    jo, desk, cut, color, django_assert_num_queries
):
    def fill(*numbers):
        for number in numbers:
            person = make_staff(f"Stylist {number}", is_provider=True)
            services = [Wanted(cut, person, 20), Wanted(color, person, 20)]
            for hour in (9, 11, 13):
                book(client=make_client(), starts_at=at(hour), services=services, desk=desk)

    fill(0)
    jo.get("/")
    # Session, person, locations, till; permissions of the person and of the role; the business's
    # name, the role; visits, their services, those services' names and staff; staff to choose from.
    with django_assert_num_queries(13):
        jo.get("/")
    fill(*range(1, 20))
    with django_assert_num_queries(13):
        page = jo.get("/")
    assert len(times(page)) == 60
