"""E-mails to clients: asked for once, written when they are sent, read as a client reads them."""

import datetime as dt
import zoneinfo
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import transaction

from appointments.canceling import cancel, restore
from appointments.models import Appointment
from clients.models import Client
from deposits.models import DepositRequest
from deposits.own import links, telling
from salon import clock
from salon.models import BusinessSettings
from tests.checkout.reading import plain
from tests.deposits.own import NOW, STARTS, hold_deposit, jobs, send_all
from tests.factories import dollars, make_appointment, make_client, make_desk, make_location

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands")]


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def visit(desk):
    return make_appointment(make_client("Clara Nuñez"), starts_at=STARTS, location=desk.location)


def make_request(visit, **fields):
    return DepositRequest.objects.create(
        **{
            "appointment": visit,
            "came_from": "link",
            "amount": dollars(30),
            "asked_at": clock.now(),
            "expires_at": clock.now() + dt.timedelta(days=2),
        }
        | fields
    )


def both(message):
    """The text, and what the HTML says."""
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    return [" ".join(message.body.split()), plain(html)]


def the_mail():
    (message,) = mail.outbox
    return message


def calendar_of(message):
    parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    (part,) = [part for part in parsed.walk() if part.get_content_type() == "text/calendar"]
    return part.get_content()


# --- Asking -----------------------------------------------------------------------------------


def test_one_job_is_asked_for_however_often_it_is_said_while_it_waits(visit):
    telling.tell_booked(visit)
    telling.tell_booked(visit)
    telling.tell_canceled(visit, "You get $35.00 back as account credit.")
    telling.tell_canceled(visit, "You get $35.00 back as account credit.")
    telling.tell_canceled(visit, "$35.00 is kept.")
    assert [job["what"] for job in jobs()] == ["booked", "canceled", "canceled"]


def test_what_is_rolled_back_is_not_told(visit):
    with transaction.atomic():
        telling.tell_booked(visit)
        transaction.set_rollback(True)
    assert jobs() == []


def test_who_has_no_address_is_told_nothing(visit):
    Client.objects.update(email="")
    visit = Appointment.objects.get()
    telling.tell_booked(visit)
    telling.tell_moved(visit, NOW)
    telling.tell_canceled(visit, "")
    telling.tell_sent_back(make_request(visit))
    telling.ask_to_pay(make_request(visit))
    telling.send_wallet_link(visit.client)
    assert jobs() == []


def test_who_booked_online_without_being_known_is_told_at_the_address_typed_there(visit):
    Client.objects.update(email="")
    visit = Appointment.objects.get()
    make_request(visit, came_from="online", email="clara@new.example")
    telling.tell_booked(visit)
    send_all()
    assert the_mail().to == ["clara@new.example"]


def test_who_booked_with_another_address_than_the_salon_has_is_told_at_both(visit):
    make_request(visit, came_from="online", email="clara@new.example")
    make_request(visit, came_from="link", email="mother@example.com")
    telling.tell_booked(visit)
    send_all()
    assert [message.to for message in mail.outbox] == [
        ["clara@example.com"], ["clara@new.example"],
    ]  # fmt: skip


# --- What they say ----------------------------------------------------------------------------


def test_booked_says_the_visit_the_money_the_policy_and_brings_a_calendar_file(visit):
    hold_deposit(visit)
    telling.tell_booked(visit)
    assert send_all() == [True]
    message = the_mail()
    assert message.subject == "You are booked: Tue, Nov 24, 3:15 pm with Maya · The salon"
    assert message.to == ["clara@example.com"]
    assert message.from_email.startswith("The salon <")
    for body in both(message):
        for part in (
            "Tue, Nov 24, 3:15 pm",
            "Cut & finish",
            "3:15 pm with Maya, 60 min",
            "12 West 38th Street, New York",
            "(212) 555-0100",
            "Deposit paid",
            "$35.00",
            "Remains to be paid at the salon, about",
            "$50.00",
            "Free of charge until Mon, Nov 23, 3:15 pm",
        ):
            assert part in body, part
    assert links.visit_link(visit) in message.body
    assert links.visit_link(visit) in message.alternatives[0][0]
    assert "DTSTART:20261124T201500Z" in calendar_of(message)


def test_booked_without_a_deposit_speaks_of_none(visit):
    telling.tell_booked(visit)
    send_all()
    for body in both(the_mail()):
        assert "Deposit paid" not in body
        assert "To be paid at the salon, about" in body


def test_booked_is_not_sent_once_the_visit_is_canceled_nor_canceled_once_it_is_back(visit, desk):
    telling.tell_booked(visit)
    cancel(appointment=visit, reason="", desk=desk)
    telling.tell_canceled(visit, "")
    assert send_all() == [False, True]
    restore(appointment=visit, desk=desk)
    mail.outbox.clear()
    assert send_all() == [True, False]


def test_moved_says_what_it_was_and_that_the_deposit_goes_along(visit):
    hold_deposit(visit)
    telling.tell_moved(visit, STARTS - dt.timedelta(days=1))
    send_all()
    message = the_mail()
    assert message.subject == "Your visit was moved to Tue, Nov 24, 3:15 pm with Maya · The salon"
    for body in both(message):
        assert "It was on Mon, Nov 23, 3:15 pm" in body
        assert "Your deposit of $35.00 goes with it; nothing is asked again." in body
    assert "DTSTART:20261124T201500Z" in calendar_of(message)


def test_canceled_says_what_becomes_of_the_money_and_takes_it_out_of_the_calendar(visit, desk):
    cancel(appointment=visit, reason="", desk=desk)
    telling.tell_canceled(visit, "You get $20.00 back as account credit; $15.00 is kept.")
    send_all()
    message = the_mail()
    assert message.subject == "Your visit on Tue, Nov 24, 3:15 pm is canceled · The salon"
    for body in both(message):
        assert "You get $20.00 back as account credit; $15.00 is kept." in body
    assert "STATUS:CANCELLED" in calendar_of(message)


def test_sent_back_says_that_nothing_is_booked_and_the_money_is_on_its_way(visit):
    Appointment.objects.update(status="lapsed")
    telling.tell_sent_back(make_request(visit, status="returned", email="payer@example.com"))
    send_all()
    message = the_mail()
    assert message.to == ["payer@example.com"]
    assert message.subject == "Your deposit of $30.00 is on its way back · The salon"
    for body in both(message):
        assert "You are not booked." in body
        assert "goes back to your card" in body


def test_sent_back_for_a_visit_that_stands_says_that_it_stands(visit):
    telling.tell_sent_back(make_request(visit, status="returned"))
    send_all()
    for body in both(the_mail()):
        assert "You are not booked." not in body
        assert "Your visit stands all the same." in body


def test_the_payment_link_says_until_when_and_goes_to_whom_the_desk_named(visit):
    asked = make_request(visit, email="mother@example.com")
    telling.ask_to_pay(asked)
    send_all()
    message = the_mail()
    assert message.to == ["mother@example.com"]
    assert message.subject == "Please pay your deposit of $30.00 · The salon"
    assert links.payment_link(asked) in message.body
    for body in both(message):
        assert "by Wed, Nov 18, 10:00 am" in body


@pytest.mark.parametrize("status", ["confirmed", "canceled", "lapsed"])
def test_the_payment_link_is_not_sent_once_nothing_waits(visit, status):
    telling.ask_to_pay(make_request(visit))
    DepositRequest.objects.update(status=status)
    assert send_all() == [False]


def test_the_payment_link_is_not_sent_once_it_is_too_late(visit, clock_stands):
    telling.ask_to_pay(make_request(visit))
    clock_stands.shift(dt.timedelta(days=2))
    assert send_all() == [False]


# --- The wallet -------------------------------------------------------------------------------


def test_one_mail_has_a_link_for_each_client_with_that_address(visit):
    twin = make_client("Ben Okafor", email="Clara@Example.com")
    make_client("Ines Duarte")
    telling.send_wallet_links_to("clara@example.COM")
    send_all()
    message = the_mail()
    assert message.to == ["clara@example.com"]
    assert message.subject == "Your wallets · The salon"
    for body in both(message):
        assert "The wallet of Clara Nuñez" in body or "Open the wallet of Clara Nuñez" in body
        assert "wallet of Ben Okafor" in body
        assert "Ines" not in body
    assert links.wallet_link(visit.client) in message.body
    assert links.wallet_link(twin) in message.body


def test_nobody_is_written_to_where_nobody_has_the_address(visit):
    Client.objects.update(archived_at=NOW)
    telling.send_wallet_links_to("clara@example.com")
    telling.send_wallet_links_to("nobody@example.com")
    assert send_all() == [False, False]
    assert mail.outbox == []


def test_the_desks_link_opens_that_clients_wallet_alone(visit):
    make_client("Ben Okafor", email="clara@example.com")
    telling.send_wallet_link(visit.client)
    send_all()
    assert links.wallet_link(visit.client) in the_mail().body
    assert "Ben" not in the_mail().body


# --- Words ------------------------------------------------------------------------------------


def test_names_are_written_as_they_are(visit):
    BusinessSettings.objects.update(name="Cut & <Co>")
    telling.tell_booked(visit)
    send_all()
    assert "Cut & <Co>" in the_mail().body
    assert "Cut &amp; &lt;Co&gt;" in the_mail().alternatives[0][0]


def test_the_mail_speaks_the_time_of_the_location_and_counts_real_hours(clock_stands):
    """Clocks go back there in the night before the visit."""
    berlin = make_location("Mitte", time_zone="Europe/Berlin")
    starts = dt.datetime(2026, 10, 25, 10, 0, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))
    clock_stands.move_to(dt.datetime(2026, 10, 20, 12, 0, tzinfo=dt.UTC))
    visit = make_appointment(
        make_client("Clara Nuñez"), starts_at=starts.astimezone(dt.UTC), location=berlin
    )
    telling.tell_booked(visit)
    send_all()
    for body in both(the_mail()):
        assert "Sun, Oct 25, 10:00 am" in body
        # Twenty-four real hours, of which the clock repeats one.
        assert "Free of charge until Sat, Oct 24, 11:00 am" in body
