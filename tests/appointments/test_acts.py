"""Canceling, checking in and putting back, pressed on the pages."""

import pytest
import time_machine

from appointments import changes
from appointments.booking import book
from appointments.errors import Refused
from appointments.finishing import finish
from appointments.models import Appointment
from tests.appointments.conftest import at
from tests.factories import make_client, make_role, make_staff

Status = Appointment.Status


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


def status(visit):
    return Appointment.objects.get(pk=visit.pk).status


def address(visit, act):
    return f"/visits/{visit.uuid}/{act}/"


def test_opening_the_question_cancels_nothing(jo, visit):
    page = jo.get(address(visit, "cancel")).content.decode()
    sheet = jo.get(
        address(visit, "cancel"), headers={"HX-Request": "true", "HX-Target": "sheet"}
    ).content.decode()
    for text in (page, sheet):
        assert "Clara Nuñez" in text
        assert "Tue, Nov 24, 3:15 pm" in text
    assert "<html" in page
    assert "<html" not in sheet
    assert status(visit) == Status.BOOKED


def test_canceling_keeps_the_reason_and_offers_the_way_back(jo, visit):
    answer = jo.post(address(visit, "cancel"), {"reason": "client", "detail": "Has a cold"})
    assert answer.url == f"/#visit-{visit.uuid}"
    visit.refresh_from_db()
    assert visit.status == Status.CANCELED
    assert visit.note.endswith(": The client canceled. Has a cold")
    page = jo.get("/").content.decode()
    assert "Clara Nuñez, Tue, Nov 24, 3:15 pm: canceled." in page
    assert f"<a href='{address(visit, 'edit')}'>Put it back</a>" in page


def test_who_never_came_is_no_show(jo, visit):
    jo.post(address(visit, "cancel"), {"reason": "no_show"})
    assert status(visit) == Status.NO_SHOW


@pytest.mark.parametrize(
    "crafted", [{}, {"reason": "because"}, {"reason": "client", "detail": "x" * 241}]
)
def test_no_reason_cancels_nothing(jo, visit, crafted):
    answer = jo.post(address(visit, "cancel"), crafted)
    assert answer.status_code == 422
    assert "Nothing was canceled" in answer.content.decode()
    assert status(visit) == Status.BOOKED


def test_a_name_with_markup_stays_text(jo, desk, wanted):
    evil = make_client("<b>Eve</b> <script>")
    visit = book(client=evil, starts_at=at(12), services=wanted, desk=desk)
    jo.post(address(visit, "cancel"), {"reason": "client"})
    page = jo.get("/").content.decode()
    assert "<b>Eve" not in page
    assert "&lt;b&gt;Eve" in page


def test_who_has_a_stake_refuses_with_its_own_words(jo, visit):
    def refuse(change):
        raise Refused("Sale #1042 is open for this visit. Void it first.")

    changes.ask("a-test", refuse)
    try:
        answer = jo.post(address(visit, "cancel"), {"reason": "client"})
    finally:
        changes.forget("a-test")
    assert answer.status_code == 422
    assert "Sale #1042 is open for this visit." in answer.content.decode()
    assert status(visit) == Status.BOOKED


def test_canceling_again_shows_what_happened(jo, visit):
    jo.post(address(visit, "cancel"), {"reason": "client"})
    assert jo.post(address(visit, "cancel"), {"reason": "salon"}).url == address(visit, "edit")


def test_checking_in_and_back(jo, visit):
    jo.post(address(visit, "check-in"))
    assert status(visit) == Status.CHECKED_IN
    assert "Clara Nuñez is checked in." in jo.get("/").content.decode()
    jo.post(address(visit, "check-in"), {"undo": "1"})
    assert status(visit) == Status.BOOKED


def test_checking_in_who_is_done_says_so(jo, visit):
    finish(appointment=visit)
    jo.post(address(visit, "check-in"))
    assert "This visit is checked out." in jo.get("/").content.decode()
    assert status(visit) == Status.DONE


def test_putting_back(jo, visit):
    jo.post(address(visit, "cancel"), {"reason": "mistake"})
    assert jo.post(address(visit, "restore")).url == f"/#visit-{visit.uuid}"
    assert status(visit) == Status.BOOKED


def test_a_time_given_away_is_told(jo, desk, wanted, visit):
    jo.post(address(visit, "cancel"), {"reason": "client"})
    book(client=make_client("Ben Okafor"), starts_at=at(15), services=wanted, desk=desk)
    answer = jo.post(address(visit, "restore"), follow=True)
    assert "Maya is with Ben Okafor from 3:00 pm to 4:00 pm." in answer.content.decode()
    assert status(visit) == Status.CANCELED


@pytest.mark.parametrize("act", ["check-in", "restore"])
def test_a_link_changes_nothing(jo, visit, act):
    assert jo.get(address(visit, act)).status_code == 405


@pytest.mark.parametrize("act", ["cancel", "check-in", "restore"])
def test_without_the_permission_nothing_happens(client, desk, visit, act):
    client.force_login(make_staff("Sam", role=make_role("Assistant")))
    assert client.post(address(visit, act), {"reason": "client"}).status_code == 403
    assert status(visit) == Status.BOOKED


def test_an_act_on_another_day_comes_back_to_that_day(jo, desk, wanted):
    visit = book(
        client=make_client(),
        starts_at=at(9, day=at(9).date().replace(day=26)),
        services=wanted,
        desk=desk,
    )
    assert jo.post(address(visit, "check-in")).url == f"/?date=2026-11-26#visit-{visit.uuid}"
