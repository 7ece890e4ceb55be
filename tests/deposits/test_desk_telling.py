"""What the page after a change says of the money, and what the client is told by e-mail."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from appointments.canceling import cancel
from appointments.moving import move
from deposits.models import DepositRequest
from salon import clock
from tests.deposits.money import answers, in_days, make_visit, policy, take_deposit
from tests.deposits.own import jobs, send_all
from tests.factories import dollars, make_appointment, make_client, make_desk

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def olivia(client, desk):
    client.force_login(desk.staff)
    return client


@pytest.fixture
def visit(desk):
    return make_visit(make_client("Clara Nuñez"))


def book_online(visit):
    """As if Clara had booked it on her phone, with nothing to pay."""
    DepositRequest.objects.create(
        appointment=visit,
        came_from="online",
        status="confirmed",
        amount=dollars(0),
        asked_at=clock.now(),
        expires_at=clock.now(),
    )


def said_after(browser, name, visit, **sent):
    page = browser.post(reverse(f"appointments:{name}", args=[visit.uuid]), sent, follow=True)
    return " ".join(str(message) for message in page.context["messages"])


# --- What the desk reads ------------------------------------------------------------------------


def test_after_canceling_the_page_says_where_the_money_went(olivia, desk, visit):
    take_deposit(visit, 30, desk)
    words = said_after(
        olivia, "cancel", visit, reason="client", **answers(visit, "kept", tell="on")
    )
    assert "canceled. $30.00 is account balance now. Clara Nuñez is told by e-mail." in words


def test_after_a_split_late_cancellation_it_says_each_part_and_the_fee(olivia, desk):
    visit = make_appointment(make_client("Clara Nuñez"), starts_at=in_days(0, hours=5))
    policy(late_fee_kind="amount", late_fee_amount=15)
    take_deposit(visit, 35, desk)
    parts = answers(visit, "split", kept="20", forfeited="15", fee="15")
    words = said_after(olivia, "cancel", visit, reason="late", **parts)
    for part in (
        "$15.00 is forfeited. $20.00 is account balance now.",
        "The fee of $15.00 is paid from the deposit.",
    ):
        assert part in words
    assert "told" not in words


def test_a_sheet_after_the_deadline_does_not_say_that_it_is_in_time(olivia, desk):
    visit = make_appointment(make_client("Clara Nuñez"), starts_at=in_days(0, hours=5))
    take_deposit(visit, 35, desk)
    page = olivia.get(reverse("appointments:cancel", args=[visit.uuid])).content.decode()
    assert "Taken as in time, though it was free only until" in page
    assert "Canceled in time" not in page


def test_a_fee_that_no_card_pays_says_where_to_find_it(olivia):
    visit = make_appointment(make_client("Clara Nuñez"), starts_at=in_days(0, hours=5))
    policy(late_fee_kind="amount", late_fee_amount=15)
    given = answers(visit, "", fee="15")
    words = said_after(olivia, "cancel", visit, reason="late", **given)
    assert "The fee of $15.00 is not paid: it is under Deposits, Fees." in words


def test_an_old_decision_is_not_said_again(olivia, desk, visit):
    take_deposit(visit, 30, desk)
    cancel(appointment=visit, reason="", desk=desk, answers=answers(visit, "kept"))
    said_after(olivia, "restore", visit)
    assert "account balance" not in said_after(olivia, "cancel", visit, reason="client")


def test_after_a_move_it_says_that_the_deposit_goes_along(olivia, desk, visit):
    take_deposit(visit, 30, desk)
    words = said_after(olivia, "move", visit, start=(visit.starts_at + DAY).isoformat())
    assert "Its $30.00 deposit goes with it (moved once). Clara Nuñez is told by e-mail." in words


def test_after_a_visit_is_given_away_it_says_whose_the_money_is(olivia, desk, visit):
    take_deposit(visit, 30, desk)
    ben = make_client("Ben Okafor")
    given = answers(visit, "kept") | {"client": str(ben.pk)}
    words = said_after(olivia, "give", visit, **given)
    assert words.endswith("is Ben Okafor’s now, not Clara Nuñez’s. $30.00 is account balance now.")


# --- What the client is told --------------------------------------------------------------------


def test_of_a_move_of_a_visit_with_a_deposit_the_client_is_told(desk, visit):
    take_deposit(visit, 30, desk)
    move(appointment=visit, starts_at=visit.starts_at + DAY, desk=desk)
    send_all()
    (message,) = mail.outbox
    assert message.subject.startswith("Your visit was moved to")
    assert "Your deposit of $30.00 goes with it" in message.body


def test_moved_on_and_back_is_one_e_mail_about_the_last_time_or_none(desk, visit):
    book_online(visit)
    at = visit.starts_at
    for days in (1, 2):
        move(appointment=visit, starts_at=at + days * DAY, desk=desk)
    (job,) = [job for job in jobs() if job["what"] == "moved"]
    assert job["was"] == at.isoformat()
    move(appointment=visit, starts_at=at, desk=desk)
    send_all()
    assert mail.outbox == []


def test_of_a_visit_that_the_desk_booked_without_money_nobody_is_told(olivia, visit):
    words = said_after(olivia, "move", visit, start=(visit.starts_at + DAY).isoformat())
    assert "told" not in words
    assert "told" not in said_after(olivia, "cancel", visit, reason="client")
    assert jobs() == []


def test_nor_who_has_no_e_mail_address_nor_of_what_is_past(desk, visit):
    book_online(visit)
    visit.client.email = ""
    visit.client.save()
    move(appointment=visit, starts_at=visit.starts_at + DAY, desk=desk)
    past = make_visit(make_client("Ines Duarte"), days=-3)
    book_online(past)
    move(appointment=past, starts_at=past.starts_at - DAY, desk=desk)
    assert jobs() == []


def test_of_a_canceled_visit_that_was_booked_online_the_client_is_told(olivia, visit):
    book_online(visit)
    url = reverse("appointments:cancel", args=[visit.uuid])
    assert "Tell Clara Nuñez by e-mail that it is canceled" in olivia.get(url).content.decode()
    sent = {"reason": "salon", "tell-asked": "yes", "tell-client": "on"}
    assert "Clara Nuñez is told by e-mail." in said_after(olivia, "cancel", visit, **sent)
    assert [job["what"] for job in jobs()] == ["canceled"]


def test_the_desk_may_leave_the_e_mail(olivia, visit):
    book_online(visit)
    sent = {"reason": "client", "tell-asked": "yes"}
    assert "told" not in said_after(olivia, "cancel", visit, **sent)
    assert jobs() == []


def test_a_drag_is_not_stopped_to_read_who_is_told(olivia, visit):
    book_online(visit)
    said_after(olivia, "move", visit, start=(visit.starts_at + DAY).isoformat())
    was, visit.starts_at = visit.starts_at, None
    visit.refresh_from_db()
    assert visit.starts_at == was + DAY
    asked = olivia.get(reverse("appointments:move", args=[visit.uuid]), {"start": was.isoformat()})
    assert "Clara Nuñez is told of the new time by e-mail." in asked.content.decode()
