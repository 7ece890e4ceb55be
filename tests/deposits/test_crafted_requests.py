"""What no page of ours would send: nonsense in addresses and forms is answered without a crash."""

import datetime as dt

import pytest
from django.urls import reverse

from appointments.models import Appointment
from clients.models import Client
from deposits.models import DepositRequest
from deposits.own import links
from salon import clock
from tests.deposits.booking_walk import CLARA, Stranger, at
from tests.deposits.online_helpers import at_noon, make_bookable, make_maya, make_shop, online
from tests.deposits.own import Phone, wallet_url
from tests.factories import make_service, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands")]

DAYS = ["0001-01-01", "9999-12-31", "2026-02-30", "x", "%00", "20261124", "2026-W48-2"]
MOMENTS = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-11-24",
    "x",
    "%00",
]
STAMPS = ["00010101T000000Z", "99991231T235959Z", "20261301T000000Z"]


@pytest.fixture
def clara(db, settings):
    settings.PUBLIC_URL = "https://book.example"
    make_shop(percent=None)
    return Stranger()


@pytest.fixture
def cut(clara):
    return make_bookable()


@pytest.fixture
def maya(clara):
    return make_maya()


@pytest.fixture
def phone(cut, maya):
    return Phone(online(expected=0).appointment)


def typed(cut, maya, **more) -> dict[str, object]:
    """The whole last form."""
    sent = {"s": cut.pk, "w": maya.pk, "at": at(at_noon(), maya), "policy": "on", "expected": "0"}
    return sent | {"uuid": "8d7c7c0e-55a1-4c39-9a4e-6f8f6a1f0b52"} | CLARA | more


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("step", ["when", "you"])
def test_a_start_beyond_all_calendars(clara, cut, maya, stamp, step):
    query = f"s={cut.pk}&w={maya.pk}&at={stamp}-{maya.pk}"
    assert clara.get(f"/book/midtown/{step}/?{query}").status_code in (200, 409, 422)
    for path in ("when", "you", "pay"):
        data = typed(cut, maya, at=f"{stamp}-{maya.pk}")
        assert clara.browser.post(f"/book/midtown/{path}/", data).status_code < 500
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("day", DAYS)
def test_a_day_or_a_page_beyond_all_calendars(clara, cut, maya, phone, day):
    for page in ("-1", "999", "9999", "1e3", "%00", "٣"):
        query = f"s={cut.pk}&w={maya.pk}&day={day}&page={page}"
        assert clara.get(f"/book/midtown/when/?{query}").status_code == 200
    for query in (f"day={day}", f"from={day}", f"from={day}&day={day}&who=nobody"):
        assert phone.browser.get(f"{phone.url('visit_move')}?{query}").status_code == 200


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_visit_moves_to_no_time_beyond_all_calendars(phone, moment):
    assert phone.browser.get(f"{phone.url('visit_move')}?start={moment}").status_code in (200, 409)
    data = {"start": moment, "staff": "1.x.-5", "who": "same", "seen": "x"}
    assert phone.post("visit_move", data).status_code in (302, 409, 422)
    assert Appointment.objects.get().starts_at == phone.visit.starts_at


@pytest.mark.parametrize(
    "more",
    [
        {"first_name": "C\x00lara"},
        {"first_name": "C" * 200},
        {"note": "n" * 5000},
        {"note": "\x00"},
        {"email": f"{'a' * 250}@example.com"},
        {"email": "clara@example.com\r\nBcc: ben@example.com"},
        {"phone": "+1" + "2" * 300},
        {"uuid": "\x00"},
        {"uuid": "x"},
        {"expected": "NaN"},
        {"expected": "1e400"},
        {"expected": "-5"},
        {"s": ["1" * 9] * 50},
        {"website": "https://spam.example"},
    ],
    ids=lambda more: f"{more}"[:60],
)
def test_a_form_that_no_page_would_send_books_nothing(clara, cut, maya, more):
    for path in ("you", "pay"):
        answer = clara.browser.post(f"/book/midtown/{path}/", typed(cut, maya, **more))
        assert answer.status_code in (200, 302, 303, 409, 422), answer.text
    assert not DepositRequest.objects.exists() and not Client.objects.exists()


def test_a_name_of_several_lines_is_one_line(clara, cut, maya):
    clara.browser.post("/book/midtown/pay/", typed(cut, maya, first_name="Clara\r\nBcc: x"))
    assert Client.objects.get().first_name == "Clara Bcc: x"


def test_a_service_or_a_person_that_is_not_offered_is_not_booked(clara, cut, maya):
    theo, hidden = make_staff("Theo"), make_service("By phone only", books_online=False)
    cut.staff.add(maya)
    for more in (
        {"at": at(at_noon(), theo), "w": theo.pk},
        {"s": hidden.pk},
        {"s": [cut.pk, hidden.pk], "at": at(at_noon(), maya, maya)},
        {"at": at(clock.now() - dt.timedelta(days=1), maya)},
        {"at": at(at_noon(400), maya)},
        {"at": at(at_noon() + dt.timedelta(minutes=7), maya)},
    ):
        answer = clara.browser.post("/book/midtown/pay/", typed(cut, maya, **more))
        assert answer.status_code in (302, 303, 409, 422)
    assert not Appointment.objects.exists()


def test_old_cursors_and_tokens_that_are_none(phone):
    client = phone.visit.client
    url = wallet_url(client, "wallet_history")
    for before in ("x", "-1.5", "9" * 30, "%00", "999999999999999999.1"):
        assert phone.browser.get(f"{url}?before={before}").status_code in (200, 404)
    for token in ("x", "%00", "a" * 3000, links.visit_token(phone.visit) + "x"):
        for name in ("visit", "wallet", "pay", "book_done"):
            path = reverse(f"deposits:{name}", args=["TOKEN"]).replace("TOKEN", token)
            assert phone.browser.get(path).status_code == 404
    for data in ({}, {"uuid": "x", "seen": "\x00"}, {"uuid": "x", "reason": "r" * 999}):
        assert phone.post("visit_cancel", data).status_code == 422
    answer = phone.browser.post("/wallet/", {"email": "a\x00@example.com"})
    assert answer.status_code == 422
