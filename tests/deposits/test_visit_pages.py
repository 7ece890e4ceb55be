"""A client's own visit: what they see, and moving and canceling it as they were shown."""

import datetime as dt
import uuid
import zoneinfo

import pytest
from django.core import mail
from django.test import Client as Browser
from pytest_django.asserts import assertNumQueries

from appointments.booking import change
from appointments.models import Appointment, VisitMove
from appointments.segments import Wanted
from clients.blocking import block_client
from deposits.models import Decision, DepositRequest, Fate, PolicyAcceptance
from deposits.own import links
from deposits.own.standing import Stand, stand_of
from deposits.rules.cancellation import accept, terms_of
from ledger.balances import balance_of
from salon import clock
from salon.models import BusinessSettings
from tests.checkout.reading import says
from tests.deposits.own import (
    NOW,
    STARTS,
    Phone,
    hold_deposit,
    jobs,
    key_of,
    make_open,
    send_all,
)
from tests.deposits.rules import set_booking
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_desk,
    make_location,
    make_service,
    make_staff,
)
from tests.ledger.books import assert_well

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands")]
LATER = STARTS + dt.timedelta(days=2)
"""Thu, Nov 26, 3:15 pm in New York."""
LATE = STARTS - dt.timedelta(hours=2)


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def visit(desk, clara):
    make_open(desk.location)
    cut = make_service()
    for name in ("Maya", "Theo"):
        cut.staff.add(make_staff(name, location=desk.location))
    return make_appointment(clara, cut, starts_at=STARTS, location=desk.location)


@pytest.fixture
def phone(visit):
    return Phone(visit)


def fresh(visit):
    return Appointment.objects.get(pk=visit.pk)


# --- Seeing it --------------------------------------------------------------------------------


def test_it_says_when_who_where_what_is_paid_and_until_when_it_is_free(phone, visit):
    hold_deposit(visit)
    text = says(phone.get())
    for part in (
        "Tue, Nov 24, 3:15 pm",
        "You are booked with Maya, until 4:15 pm.",
        "Cut & finish $85.00 3:15 pm with Maya, 60 min",
        "Deposit paid $35.00",
        "Remains, about $50.00",
        "12 West 38th Street, New York",
        "(212) 555-0100",
        "Add to calendar",
        "Free of charge until Mon, Nov 23, 3:15 pm",
        "Reschedule",
        "Cancel the visit",
    ):
        assert part in text, part


def test_it_shows_nothing_of_the_desk_and_goes_to_no_search_engine(phone, visit):
    Appointment.objects.update(note="Talks a lot")
    text = says(phone.get())
    assert "Talks a lot" not in text
    assert "Today" not in text
    assert phone.answer["X-Robots-Tag"] == "noindex, nofollow"
    assert phone.answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in phone.answer["Cache-Control"]


def test_it_is_shown_with_so_many_queries(phone, visit):
    hold_deposit(visit)
    with assertNumQueries(18):
        phone.get()


def test_its_other_times_are_shown_with_so_many_queries(phone, visit):
    hold_deposit(visit)
    for who in ("same", "anyone"):
        with assertNumQueries(31):
            assert phone.get("visit_move", who=who).status_code == 200


def test_a_forged_address_is_no_page_and_an_old_one_says_so(phone, clock_stands):
    assert Browser().get(f"/visit/{phone.visit.uuid.hex}:forged/").status_code == 404
    clock_stands.shift(dt.timedelta(days=90))
    assert phone.get().status_code == 410
    assert "This link has ended" in says(phone.answer)


@pytest.mark.parametrize(
    ("status", "says_so"),
    [
        ("canceled", "This visit is canceled"),
        ("late", "This visit is canceled"),
        ("no_show", "This visit was missed"),
        ("lapsed", "This visit was not booked"),
        ("done", "You were here."),
        ("checked_in", "has begun"),
    ],
)
def test_a_visit_that_is_over_says_so_and_offers_nothing(phone, visit, status, says_so):
    Appointment.objects.update(status=status)
    text = says(phone.get())
    assert says_so in text
    assert "Reschedule" not in text
    assert "Cancel the visit" not in text
    for name in ("visit_move", "visit_cancel"):
        assert phone.get(name).status_code == 302


def test_a_visit_whose_time_has_come_can_not_be_changed(phone, visit, clock_stands):
    form = phone.form("visit_cancel")
    clock_stands.move_to(STARTS)
    assert stand_of(visit, clock.now()) == Stand.HERE
    assert "has begun" in says(phone.get())
    assert phone.post("visit_cancel", form).status_code == 302
    assert fresh(visit).status == "booked"


def test_a_pending_visit_says_the_minutes_that_are_left_and_where_to_pay(phone, visit):
    Appointment.objects.update(status="pending")
    asked = DepositRequest.objects.create(
        appointment=visit,
        came_from="online",
        amount=dollars(35),
        asked_at=NOW,
        expires_at=NOW + dt.timedelta(minutes=9, seconds=10),
    )
    assert "held for 10 more minutes" in says(phone.get())
    assert links.payment_link(asked) in phone.answer.text


def test_a_deposit_that_waits_is_paid_from_here(phone, visit):
    asked = DepositRequest.objects.create(
        appointment=visit,
        came_from="link",
        amount=dollars(35),
        asked_at=NOW,
        expires_at=NOW + dt.timedelta(days=2),
    )
    assert "Pay the deposit $35.00" in says(phone.get())
    assert links.payment_link(asked) in phone.answer.text
    DepositRequest.objects.update(status="confirmed")
    assert "Pay the deposit" not in says(phone.get())


def test_a_deposit_that_is_not_set_aside_is_told_as_account_credit(phone, visit, clara):
    DepositRequest.objects.create(
        appointment=visit,
        came_from="online",
        amount=dollars(35),
        asked_at=NOW,
        expires_at=NOW,
        status="confirmed",
    )
    assert "account credit $35.00" not in says(phone.get())
    BusinessSettings.objects.update(earmark_deposits=False)
    text = says(phone.get())
    assert "Deposit paid, in your account credit $35.00" in text
    assert "To pay at the salon, about $85.00" in text


def test_it_goes_into_the_clients_calendar(phone, visit):
    answer = phone.get("visit_calendar")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20261124T201500Z" in answer.text
    assert links.visit_link(visit) in answer.text.replace("\r\n ", "")


# --- Moving it --------------------------------------------------------------------------------


def test_moving_keeps_the_deposit_tells_the_client_and_shows_at_the_desk(phone, visit, clara):
    hold_deposit(visit)
    shown = says(phone.get("visit_move", start=key_of(LATER)))
    assert "Thu, Nov 26, 3:15 pm with Maya" in shown
    assert "Your deposit of $35.00 goes along." in shown
    assert "Free of charge until Wed, Nov 25, 3:15 pm" in shown

    answer = phone.move(LATER)
    assert answer["Location"] == phone.url()
    moved = fresh(visit)
    assert moved.starts_at == LATER
    assert "Moved by the client, online, Mon, Nov 16 10:00 am: it was Tue, Nov 24" in moved.note
    assert "Thu, Nov 26, 3:15 pm" in says(phone.get())
    assert [row.by for row in VisitMove.objects.all()] == [None]
    assert balance_of(clara, NOW.date()).held == dollars(35)

    assert [job["what"] for job in jobs()] == ["moved"]
    send_all()
    assert "moved to Thu, Nov 26, 3:15 pm with Maya" in mail.outbox[0].subject
    assert_well()


def test_moving_agrees_to_the_policy_for_the_new_time_and_to_no_more(phone, visit):
    kept = {"address": None, "device": "", "card_terms": "You may keep my card.", "at": NOW}
    accept(visit=visit, request=None, terms=terms_of(visit), **kept)
    phone.browser.defaults["HTTP_USER_AGENT"] = "A phone"
    phone.move(LATER)
    agreed = PolicyAcceptance.objects.last()
    assert agreed.deadline_at == LATER - dt.timedelta(hours=24)
    assert (agreed.address, agreed.device) == ("127.0.0.1", "A phone")
    assert agreed.card_terms == "You may keep my card."
    assert terms_of(fresh(visit)).deadline_at == agreed.deadline_at


def test_the_form_sent_twice_moves_once(phone, visit):
    form = phone.form("visit_move", start=key_of(LATER), who="same")
    for _ in range(2):
        assert phone.post("visit_move", form)["Location"] == phone.url()
    assert VisitMove.objects.count() == 1
    assert len(jobs()) == 1


def test_days_and_times_are_offered_and_the_present_one_is_not(phone, visit):
    phone.get("visit_move", day="2026-11-24", **{"from": "2026-11-16"})
    times = phone.answer.context["times"]
    assert [day.date.day for day in times.days] == list(range(16, 30))
    said = [time.said for _, part in times.chosen.parts for time in part]
    assert "3:00 pm" in said
    assert "3:15 pm" not in said
    assert [name for name, _ in times.chosen.parts] == ["Morning", "Afternoon", "Evening"]


def test_with_anyone_whoever_is_free_gives_it(phone, visit, desk, clara):
    maya = visit.services.get().staff
    make_appointment(make_client("Ben Okafor"), make_service(), maya, LATER, desk.location)
    assert phone.get("visit_move", start=key_of(LATER)).status_code == 409
    assert "That time was given away" in says(phone.answer)
    shown = says(phone.get("visit_move", start=key_of(LATER), who="anyone"))
    assert "3:15 pm with Theo" in shown
    phone.move(LATER, who="anyone")
    assert str(visit.services.get().staff) == "Theo"


def test_a_time_that_is_gone_meanwhile_moves_nothing_and_names_nobody(phone, visit, desk):
    form = phone.form("visit_move", start=key_of(LATER), who="same")
    maya = visit.services.get().staff
    make_appointment(make_client("Ben Okafor"), make_service(), maya, LATER, desk.location)
    answer = phone.post("visit_move", form)
    assert answer.status_code == 409
    assert "That time was given away a moment ago. Nothing was changed." in says(answer)
    assert "Ben" not in says(answer)
    assert fresh(visit).starts_at == STARTS


def test_who_gives_it_changed_meanwhile_is_shown_anew(phone, visit, desk):
    form = phone.form("visit_move", start=key_of(LATER), who="anyone")
    shown = int(form["staff"])
    other = visit.services.get().service.staff.exclude(pk=shown).get()
    busy = visit.services.get().service.staff.get(pk=shown)
    make_appointment(make_client("Ben Okafor"), make_service(), busy, LATER, desk.location)
    answer = phone.post("visit_move", form)
    assert answer.status_code == 409
    assert f"3:15 pm with {other}" in says(answer)
    assert fresh(visit).starts_at == STARTS


def test_a_visit_that_the_desk_changed_meanwhile_is_shown_anew(phone, visit, desk):
    form = phone.form("visit_move", start=key_of(LATER), who="same")
    row = visit.services.get()
    change(
        appointment=visit,
        starts_at=STARTS,
        services=[Wanted(row.service, row.staff, 90)],
        desk=desk,
        note="Long hair",
    )
    answer = phone.post("visit_move", form)
    assert answer.status_code == 409
    assert "Something changed while you looked. Nothing was changed." in says(answer)
    assert fresh(visit).starts_at == STARTS


@pytest.mark.parametrize(
    "crafted",
    [
        {"start": ""},
        {"start": "yesterday"},
        {"start": "2026-11-24T20:15:00"},
        {"who": "me"},
        {"seen": ""},
        {"staff": ""},
    ],
)
def test_what_no_page_would_send_moves_nothing(phone, visit, crafted):
    form = phone.form("visit_move", start=key_of(LATER), who="same")
    assert phone.post("visit_move", form | crafted).status_code == 422
    assert fresh(visit).starts_at == STARTS


@pytest.mark.parametrize("when", [STARTS - dt.timedelta(days=9), NOW, LATER.replace(minute=7)])
def test_no_time_that_is_not_offered_is_taken(phone, visit, when):
    form = phone.form("visit_move", start=key_of(LATER), who="same")
    assert phone.post("visit_move", form | {"start": key_of(when)}).status_code == 409
    assert fresh(visit).starts_at == STARTS


def test_past_the_deadline_it_is_moved_by_phone_only(phone, visit, clock_stands):
    form = phone.form("visit_move", start=key_of(LATER), who="same")
    clock_stands.move_to(LATE)
    text = says(phone.get())
    assert "Reschedule" not in text
    assert "It could be moved free of charge until Mon, Nov 23, 3:15 pm. Call (212)" in text
    assert phone.get("visit_move").status_code == 302
    assert phone.post("visit_move", form).status_code == 302
    assert fresh(visit).starts_at == STARTS


def test_a_deposit_is_carried_as_often_as_the_owner_allows(phone, visit):
    hold_deposit(visit)
    set_booking(most_moves=1)
    phone.move(LATER)
    assert fresh(visit).starts_at == LATER
    text = says(phone.get())
    assert "moved 1 of 1" in text
    assert "Reschedule" not in text
    assert phone.get("visit_move").status_code == 302


def test_days_past_which_the_deposit_is_not_carried_are_not_offered(phone, visit):
    hold_deposit(visit)
    set_booking(carry_days=1)
    times = phone.get("visit_move").context["times"]
    assert times.days[-1].date == dt.date(2026, 11, 25)
    assert times.later is None
    assert phone.get("visit_move", start=key_of(LATER)).status_code == 409


def test_who_is_blocked_moves_nothing_online_but_may_cancel(phone, visit, clara):
    block_client(client=clara, reason="No-shows", desk=make_desk("Marcus"))
    text = says(phone.get())
    assert "Visits are not moved online at the moment." in text
    assert "No-shows" not in text
    assert phone.get("visit_move").status_code == 302
    phone.cancel()
    assert fresh(visit).status == "canceled"


# --- Canceling it -----------------------------------------------------------------------------


def test_canceling_in_time_gives_the_deposit_back_as_was_said(phone, visit, clara):
    hold_deposit(visit)
    shown = says(phone.get("visit_cancel"))
    assert "You get $35.00 back as account credit." in shown
    assert "Free of charge until Mon, Nov 23, 3:15 pm." in shown
    assert fresh(visit).status == "booked"

    answer = phone.cancel(reason="  Ill,   sorry ")
    assert answer["Location"] == phone.url()
    canceled = fresh(visit)
    assert canceled.status == "canceled"
    assert canceled.note == ("Canceled by the client, online, Mon, Nov 16 10:00 am: Ill, sorry")
    text = says(phone.get())
    assert "This visit is canceled" in text
    assert "You get $35.00 back as account credit." in text
    has = balance_of(clara, NOW.date())
    assert (has.available, has.held) == (dollars(35), dollars(0))
    assert [(fate.kind, fate.amount) for fate in Fate.objects.all()] == [("kept", dollars(35))]
    assert Decision.objects.get().by is None

    assert [job["what"] for job in jobs()] == ["canceled"]
    send_all()
    assert "You get $35.00 back as account credit." in mail.outbox[0].body
    assert_well()


def test_canceling_late_takes_the_fee_from_the_deposit_as_was_said(
    phone, visit, clara, clock_stands
):
    hold_deposit(visit, 60)
    set_booking(late_fee_kind="percent", late_fee_percent=50)
    clock_stands.move_to(LATE)
    shown = says(phone.get("visit_cancel"))
    assert "You get $17.50 back as account credit; $42.50 is kept." in shown
    assert "It was free of charge until Mon, Nov 23, 3:15 pm." in shown
    phone.cancel()
    assert fresh(visit).status == "late"
    assert balance_of(clara, NOW.date()).available == dollars("17.50")
    send_all()
    assert "You get $17.50 back as account credit; $42.50 is kept." in mail.outbox[0].body
    assert len(mail.outbox) == 1
    assert_well()


def test_without_a_deposit_and_a_fee_it_costs_nothing(phone, visit):
    assert "It costs you nothing." in says(phone.get("visit_cancel"))
    phone.cancel()
    assert fresh(visit).status == "canceled"


def test_a_fee_beyond_the_deposit_is_told_before(phone, visit, clock_stands):
    hold_deposit(visit, 20)
    set_booking(late_fee_kind="amount", late_fee_amount=50)
    clock_stands.move_to(LATE)
    shown = says(phone.get("visit_cancel"))
    assert "$20.00 is kept; $30.00 more is due as a fee." in shown
    phone.cancel()
    assert fresh(visit).status == "late"
    assert "$20.00 is kept; $30.00 more is due as a fee." in says(phone.get())
    assert_well()


def test_the_deadline_passing_in_between_shows_it_anew_and_cancels_nothing(
    phone, visit, clock_stands
):
    hold_deposit(visit)
    form = phone.form("visit_cancel") | {"reason": "Ill"}
    clock_stands.move_to(STARTS - dt.timedelta(hours=24))
    answer = phone.post("visit_cancel", form)
    assert answer.status_code == 409
    text = says(answer)
    assert "Something changed while you looked. Nothing was canceled." in text
    assert "$35.00 is kept." in text
    assert 'value="Ill"' in answer.text
    assert fresh(visit).status == "booked"
    again = {field.name: str(field.value()) for field in answer.context["form"]}
    assert phone.post("visit_cancel", again).status_code == 302
    assert fresh(visit).status == "late"


def test_a_deposit_that_came_or_went_in_between_shows_it_anew(phone, visit):
    form = phone.form("visit_cancel")
    hold_deposit(visit)
    answer = phone.post("visit_cancel", form)
    assert answer.status_code == 409
    assert "You get $35.00 back as account credit." in says(answer)
    assert fresh(visit).status == "booked"


def test_the_form_sent_twice_cancels_once(phone, visit):
    hold_deposit(visit)
    form = phone.form("visit_cancel")
    for _ in range(2):
        assert phone.post("visit_cancel", form)["Location"] == phone.url()
    assert Decision.objects.count() == 1
    assert len(jobs()) == 1
    assert_well()


@pytest.mark.parametrize(
    "crafted", [{"seen": ""}, {"uuid": "x"}, {"reason": "x" * 300}, {"uuid": ""}]
)
def test_what_no_page_would_send_cancels_nothing(phone, visit, crafted):
    form = phone.form("visit_cancel")
    assert phone.post("visit_cancel", form | crafted).status_code == 422
    assert fresh(visit).status == "booked"


def test_no_consequence_but_the_one_that_counts_can_be_sent(phone, visit):
    hold_deposit(visit)
    form = phone.form("visit_cancel") | {
        "seen": uuid.uuid4().hex,
        "fate-how": "refunded",
        "fate-kept": "35.00",
    }
    assert phone.post("visit_cancel", form).status_code == 409
    assert fresh(visit).status == "booked"


def test_one_visits_address_changes_no_other_visit(phone, visit, clara, desk):
    other = make_appointment(clara, make_service(), None, LATER, desk.location)
    phone.cancel()
    assert fresh(other).status == "booked"


# --- Clocks -----------------------------------------------------------------------------------


def test_the_page_speaks_the_locations_time_and_the_deadline_counts_real_hours(clock_stands):
    zone = zoneinfo.ZoneInfo("Europe/Berlin")
    clock_stands.move_to(dt.datetime(2026, 10, 20, 12, 0, tzinfo=dt.UTC))
    starts = dt.datetime(2026, 10, 25, 10, 0, tzinfo=zone).astimezone(dt.UTC)
    mitte = make_location("Mitte", time_zone="Europe/Berlin")
    visit = make_appointment(make_client("Clara Nuñez"), starts_at=starts, location=mitte)
    phone = Phone(visit)
    text = says(phone.get())
    assert "Sun, Oct 25, 10:00 am" in text
    assert "Free of charge until Sat, Oct 24, 11:00 am" in text
    clock_stands.move_to(dt.datetime(2026, 10, 24, 11, 0, tzinfo=zone) - dt.timedelta(seconds=1))
    assert "Free of charge until" in says(phone.get("visit_cancel"))
    clock_stands.shift(dt.timedelta(seconds=1))
    assert "It was free of charge until Sat, Oct 24, 11:00 am." in says(phone.get("visit_cancel"))


def test_a_deposit_that_waits_is_no_part_of_what_is_paid_at_the_salon(visit):
    DepositRequest.objects.create(
        appointment=visit,
        came_from="link",
        amount=dollars(30),
        asked_at=NOW,
        expires_at=STARTS,
    )
    said = says(Phone(visit).get())
    assert "Deposit, not paid yet $30.00 Then at the salon, about $55.00" in said


def test_whose_visit_it_was_sees_no_more_of_it(visit):
    phone = Phone(visit)
    Appointment.objects.filter(pk=visit.pk).update(client=make_client("Ben Okafor"))
    for name in ("visit", "visit_calendar", "visit_move", "visit_cancel"):
        answer = phone.get(name)
        assert answer.status_code == 410 and "not yours any more" in says(answer)
