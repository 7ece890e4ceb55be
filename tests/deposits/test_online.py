"""Booking online: whose visit it is, what it holds, what is refused, and that nothing is told."""

import datetime as dt
import uuid

import pytest
import time_machine

from appointments.errors import Busy
from appointments.models import Appointment
from appointments.segments import Wanted
from cards.models import CardSaving
from clients.models import Client
from deposits.booking.booker import Booker
from deposits.errors import Refused
from deposits.models import BookingSettings, ClientDeposit, DepositRequest, PolicyAcceptance
from salon import clock
from tests.deposits.online_helpers import (
    BEN,
    CLARA,
    HERE,
    PHONE,
    at_noon,
    fresh,
    make_bookable,
    make_maya,
    make_shop,
    online,
    status_of,
)
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_desk,
    make_location,
    make_staff,
)
from tests.harness.at_once import at_once

pytestmark = pytest.mark.django_db
Visit = Appointment.Status
Status = DepositRequest.Status


@pytest.fixture
def shop():
    return make_shop()


def nothing_was_written():
    return not (
        Client.objects.exists() or Appointment.objects.exists() or DepositRequest.objects.exists()
    )


# --- What it writes -------------------------------------------------------------------------------


def test_a_booking_holds_its_time_and_waits_for_the_deposit(shop, processor):
    request = online(site="https://s.example")
    visit = request.appointment
    assert status_of(request) == (Status.WAITING, Visit.PENDING)
    assert (visit.client.name, visit.starts_at) == ("Clara Nuñez", at_noon())
    assert (request.amount, request.came_from) == (dollars("25.50"), "online")
    assert (request.name, request.email) == ("Clara Nuñez", "clara@example.com")
    assert request.expires_at - request.asked_at == dt.timedelta(minutes=10)
    assert "30 %" in request.explained and request.site == "https://s.example"
    assert visit.created_by is None and visit.services.get().occupies


def test_what_was_accepted_is_kept_with_when_and_from_where(shop, processor):
    request = online()
    accepted = PolicyAcceptance.objects.get()
    assert (accepted.request, accepted.appointment) == (request, request.appointment)
    assert (accepted.address, accepted.device) == (HERE, PHONE)
    assert accepted.deadline_at == at_noon() - dt.timedelta(hours=24)
    assert "free of charge" in accepted.terms and accepted.card_terms == ""


def test_where_nothing_is_asked_it_stands_at_once():
    make_shop(percent=None)
    request = online(expected=0)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert request.amount == dollars(0) and request.ended_at


def test_the_new_client_is_written_once(shop, processor):
    online()
    client = Client.objects.get()
    assert (client.name, client.email, str(client.phone)) == (
        "Clara Nuñez",
        "clara@example.com",
        "(212) 555-0142",
    )
    assert client.location == shop


# --- Who it is ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "booker",
    [
        Booker("Clara", "Nunez", "CLARA@example.com", ""),
        Booker("clara", "", "", "(212) 555-0142"),
        Booker("CLÁRA ", "Other", "other@example.com", "212 555 0142"),
    ],
)
def test_somebody_known_books_as_themselves_and_nothing_of_theirs_is_changed(
    shop, processor, booker
):
    clara = make_client("Clara Nuñez")
    request = online(booker)
    assert request.appointment.client == clara
    assert Client.objects.get().email == "clara@example.com"


@pytest.mark.parametrize(
    "booker",
    [
        Booker("Mia", "Nuñez", "clara@example.com", "+12125550142"),
        Booker("Clara", "Nuñez", "clara.n@example.com", "+12125550143"),
    ],
)
def test_the_name_or_the_contacts_alone_are_not_enough(shop, processor, booker):
    clara = make_client("Clara Nuñez")
    assert online(booker).appointment.client != clara


def test_of_several_with_that_name_the_one_with_both_contacts_it_is(shop, processor):
    make_client("Clara Nuñez", phone="+12125550199")
    clara = make_client("Clara Nuñez")
    assert online().appointment.client == clara


def test_who_was_merged_books_as_the_one_who_stays(shop, processor):
    gone, kept = make_client("Clara Nuñez"), make_client("Clara Other", email="", phone="")
    Client.objects.filter(pk=gone.pk).update(merged_into=kept, archived_at=clock.now())
    assert online().appointment.client == kept


def test_who_was_archived_is_somebody_new(shop, processor):
    gone = make_client("Clara Nuñez", archived_at=clock.now())
    assert online().appointment.client != gone


@pytest.mark.parametrize("is_archived", [False, True])
def test_who_was_blocked_is_told_to_call(shop, processor, is_archived):
    make_client(
        "Clara Nuñez",
        blocked_at=clock.now(),
        blocked_reason="Never pays",
        archived_at=clock.now() if is_archived else None,
    )
    with pytest.raises(Refused, match="Please call the salon") as refused:
        online()
    assert "Never pays" not in refused.value.message
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("booker", "field"),
    [
        (Booker(" ", "Nuñez", "clara@example.com", ""), "first_name"),
        (Booker("Clara", "Nuñez", "", ""), "email"),
        (Booker("Clara", "Nuñez", "clara", ""), "email"),
        (Booker("Clara", "Nuñez", "", "12"), "phone"),
        (Booker("C" * 81, "Nuñez", "clara@example.com", ""), "first_name"),
        (Booker("Clara", "Nuñez", "clara@example.com", "", "n" * 1001), "note"),
    ],
)
def test_somebody_who_cannot_be_is_refused_at_the_field(shop, processor, booker, field):
    with pytest.raises(Refused, match="Nothing was booked") as refused:
        online(booker)
    assert refused.value.field == field
    assert nothing_was_written()


# --- What is refused ------------------------------------------------------------------------------


def test_another_deposit_than_was_shown_is_told_and_nothing_is_written(shop, processor):
    with pytest.raises(Refused, match=r"The deposit is \$25.50 now, not \$20.00") as refused:
        online(expected=20)
    assert refused.value.field == "amount"
    assert nothing_was_written()


def test_an_exception_for_the_client_is_found_out_when_they_say_who_they_are(shop, processor):
    ClientDeposit.objects.create(
        client=make_client("Clara Nuñez"), kind="full", set_by=make_staff("Jo"), set_at=clock.now()
    )
    with pytest.raises(Refused, match=r"\$85.00 now"):
        online()
    assert online(expected=85).amount == dollars(85)


def test_a_time_that_somebody_has_is_refused_without_a_word_about_who(shop, processor):
    online()
    with pytest.raises(Busy) as busy:
        online(BEN)
    assert "Clara" not in busy.value.message and "Maya" not in busy.value.message
    assert not Client.objects.filter(first_name="Ben").exists()


@pytest.mark.parametrize("minutes", [-60 * 24 * 4, 7, 60 * 24 * 90])
def test_a_start_that_no_page_offers_is_refused(shop, processor, minutes):
    with pytest.raises(Busy):
        online(starts_at=at_noon() + dt.timedelta(minutes=minutes))
    assert nothing_was_written()


def test_a_service_or_a_person_that_clients_may_not_book_is_refused(shop, processor):
    hidden = make_bookable("Correction")
    hidden.books_online = False
    hidden.save()
    theo = make_staff("Theo", location=shop)
    theo.books_online = False
    theo.save()
    for wanted in (
        Wanted(hidden, make_maya()),
        Wanted(make_bookable(), theo),
        Wanted(make_bookable(), make_maya(), 5),
    ):
        with pytest.raises(Refused, match="call the salon"):
            online(services=[wanted])
    assert nothing_was_written()


def test_online_booking_can_be_switched_off(shop, processor):
    BookingSettings.objects.update(online_booking=False)
    with pytest.raises(Refused, match="call the salon"):
        online()


def test_a_deposit_that_nobody_could_pay_is_not_asked(shop):
    with pytest.raises(Refused, match="call the salon"):
        online()
    assert nothing_was_written()


def test_where_balances_are_off_nothing_is_asked(shop):
    type(shop).objects.update(client_account_balances=False)
    make_location().refresh_from_db()
    assert status_of(online(expected=0)) == (Status.CONFIRMED, Visit.BOOKED)


# --- Twice ----------------------------------------------------------------------------------------


def test_the_same_form_twice_books_once(shop, processor):
    name = uuid.uuid4()
    assert online(uuid=name) == online(uuid=name)
    assert Appointment.objects.count() == Client.objects.count() == 1


def test_a_form_that_names_a_visit_that_stands_changes_nothing_of_it(shop, processor):
    maya, clara = make_maya(), make_client("Clara Nuñez", email="clara@example.com")
    visit = make_appointment(clara, starts_at=at_noon(), staff=maya)
    theo = make_staff("Theo", location=shop)
    trim = make_bookable("Trim", 20)
    made = online(uuid=visit.uuid, services=[Wanted(trim, theo)], expected=6)
    assert made.appointment != visit and not visit.policy_acceptances.exists()


@pytest.mark.parametrize("turn", range(2))
def test_the_same_form_at_once_books_once(committing_db, processor, turn):
    make_shop()
    name = uuid.uuid4()
    services = [Wanted(make_bookable(), make_maya())]
    found = at_once(*[lambda: online(uuid=name, services=services)] * 4)
    assert len({request.pk for request in found}) == 1
    assert Client.objects.count() == 1


def test_two_bookings_of_one_new_person_at_once_make_one_client(committing_db, processor):
    make_shop()
    services = [Wanted(make_bookable(), make_maya())]
    at_once(
        *[
            lambda days=days: online(starts_at=at_noon(days), services=services)
            for days in (2, 3, 4, 5)
        ]
    )
    assert Appointment.objects.count() == 4
    assert Client.objects.count() == 1


# --- A card that is to be kept --------------------------------------------------------------------


def test_a_card_that_is_required_has_to_be_agreed_to(processor):
    make_shop(percent=None, card_for_fees="required")
    with pytest.raises(Refused) as refused:
        online(expected=0)
    assert refused.value.field == "keep_card"
    assert nothing_was_written()


def test_then_the_visit_waits_for_the_card(processor):
    make_shop(percent=None, card_for_fees="required")
    request = online(expected=0, keep_card=True)
    assert status_of(request) == (Status.WAITING, Visit.PENDING)
    saving = CardSaving.objects.get(uuid=request.card_saving)
    assert saving.consented_at and saving.consented_from == HERE
    assert saving.terms == PolicyAcceptance.objects.get().card_terms != ""


def test_where_cards_are_never_kept_agreeing_changes_nothing(shop, processor):
    request = online(keep_card=True)
    assert not request.keep_card and not CardSaving.objects.exists()


def test_the_hold_is_as_long_as_the_setting_says(processor):
    make_shop(hold_minutes=3)
    with time_machine.travel(clock.now(), tick=False):
        request = online()
        assert fresh(request).expires_at == clock.now() + dt.timedelta(minutes=3)


def test_nothing_is_done_by_anybody_at_a_desk(shop, processor):
    make_desk()
    assert online(CLARA).asked_by is None
