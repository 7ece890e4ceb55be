"""The visits on a client's page."""

import pytest
import time_machine

from appointments.booking import book
from appointments.canceling import cancel
from appointments.finishing import finish
from tests.appointments.conftest import at
from tests.factories import make_client, make_role, make_staff


@pytest.fixture(autouse=True)
def half_past_ten():
    with time_machine.travel(at(10, 30), tick=False):
        yield


@pytest.fixture
def clara(db):
    return make_client("Clara Nuñez")


@pytest.fixture
def jo(client, desk):
    client.force_login(desk.staff)
    return client


def whens(response, part):
    return [row["when"] for row in response.context[part]]


def test_what_is_coming_stands_above_what_was(jo, desk, clara, wanted):
    days = [at(9, day=at(9).date().replace(day=day)) for day in (20, 24, 26, 25)]
    visits = [book(client=clara, starts_at=start, services=wanted, desk=desk) for start in days]
    finish(appointment=visits[0])
    gone = book(
        client=clara, starts_at=at(16, day=at(9).date().replace(day=27)), services=wanted, desk=desk
    )
    cancel(appointment=gone, reason="Ill", desk=desk)
    page = jo.get(f"/clients/{clara.pk}/visits/")
    assert whens(page, "coming") == [
        "Tue, Nov 24, 9:00 am",
        "Wed, Nov 25, 9:00 am",
        "Thu, Nov 26, 9:00 am",
    ]
    assert whens(page, "past") == ["Fri, Nov 27, 4:00 pm", "Fri, Nov 20, 9:00 am"]
    assert "Cut &amp; finish with Maya" in page.content.decode()


def test_another_year_is_said(jo, desk, clara, wanted):
    last_year = at(9, day=at(9).date().replace(year=2025))
    finish(appointment=book(client=clara, starts_at=last_year, services=wanted, desk=desk))
    page = jo.get(f"/clients/{clara.pk}/visits/")
    assert whens(page, "past") == ["Mon, Nov 24, 2025, 9:00 am"]
    assert "Nothing is booked." in page.content.decode()


def test_who_never_came_yet_can_be_booked(jo, client, clara):
    assert (
        f"/visits/new/?client={clara.pk}" in jo.get(f"/clients/{clara.pk}/visits/").content.decode()
    )
    client.force_login(make_staff("Sam", role=make_role("Assistant")))
    assert "/visits/new/" not in client.get(f"/clients/{clara.pk}/visits/").content.decode()


def test_nobodys_visits_are_not_found(jo):
    assert jo.get("/clients/999999/visits/").status_code == 404


def test_many_visits_cost_as_much_as_one(jo, desk, clara, wanted, django_assert_num_queries):
    jo.get("/")
    for hours in ([9], [11, 12, 13, 14, 15]):
        for hour in hours:
            book(client=clara, starts_at=at(hour), services=wanted, desk=desk)
        # Session, person, locations, till; client, visits, their services, those services' names
        # and staff; two of permissions.
        with django_assert_num_queries(11):
            jo.get(f"/clients/{clara.pk}/visits/")
