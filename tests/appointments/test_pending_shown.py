"""Visits that are not sure yet, or gone in the newer ways, where the desk sees visits."""

import pytest
import time_machine

from appointments.booking import book
from appointments.canceling import mark_late
from appointments.day import day_of, staff_of_day
from appointments.pending import lapse
from clients import archiving
from tests.appointments.conftest import DAY, at
from tests.factories import make_client, make_hours, make_location, make_staff


@pytest.fixture(autouse=True)
def half_past_ten():
    with time_machine.travel(at(10, 30), tick=False):
        yield


@pytest.fixture
def pending(desk, wanted):
    return book(
        client=make_client("Clara Nuñez"),
        starts_at=at(15),
        services=wanted,
        desk=desk,
        pending=True,
    )


def test_a_visit_being_paid_happens_but_is_not_to_be_checked_out(desk, pending):
    day = day_of(desk.location, DAY)
    (row,) = day.rows
    assert (day.happening, day.to_check_out, row.is_over, row.is_late) == (1, 0, False, False)
    lapse(appointment=pending)
    day = day_of(desk.location, DAY)
    assert (day.happening, day.rows[0].is_over) == (0, True)


def test_a_visit_canceled_late_does_not_happen(desk, wanted):
    visit = book(client=make_client(), starts_at=at(15), services=wanted, desk=desk)
    mark_late(appointment=visit, reason="", desk=desk)
    assert day_of(desk.location, DAY).happening == 0


def test_it_is_coming_on_the_clients_page_until_it_lapses(client, desk, pending):
    client.force_login(desk.staff)
    address = f"/clients/{pending.client_id}/visits/"
    page = client.get(address)
    assert [row["visit"] for row in page.context["coming"]] == [pending]
    assert "Waiting for the deposit" in page.content.decode()
    lapse(appointment=pending)
    page = client.get(address)
    assert (page.context["coming"], len(page.context["past"])) == ([], 1)
    assert "Not paid in time" in page.content.decode()


def test_a_client_who_is_paying_is_not_archived(desk, pending):
    (obstacle,) = archiving.obstacles_of(pending.client, desk)
    assert "A visit is in the book" in obstacle.text


def test_who_has_hours_here_can_be_chosen(desk, maya):
    kim = make_staff("Kim", is_provider=True, location=make_location("Uptown"))
    assert staff_of_day(desk.location, None) == [maya]
    make_hours(kim, 1, location=desk.location)
    assert staff_of_day(desk.location, None) == [kim, maya]
