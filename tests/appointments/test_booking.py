import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from appointments import changes
from appointments.booking import book, change, fingerprint
from appointments.canceling import cancel, restore
from appointments.errors import Busy, Refused, StaleVisit
from appointments.finishing import finish
from appointments.models import Appointment, AppointmentService
from appointments.placing import check_places
from appointments.segments import Wanted
from tests.appointments.conftest import DAY, at
from tests.factories import (
    make_client,
    make_desk,
    make_hours,
    make_location,
    make_service,
    make_staff,
)
from tests.harness.at_once import at_once


@pytest.fixture
def clara(db):
    return make_client("Clara Nuñez")


@pytest.fixture
def ben(db):
    return make_client("Ben Okafor")


def spans(visit):
    return [
        (row.service.name, row.staff.name, row.starts_at, row.ends_at)
        for row in visit.services.select_related("service", "staff")
    ]


def test_services_follow_one_another_from_the_start(desk, clara, maya, theo, cut, color):
    visit = book(
        client=clara,
        starts_at=at(10),
        services=[Wanted(color, theo), Wanted(cut, maya)],
        desk=desk,
        note="Allergic to lavender",
    )
    assert spans(visit) == [
        ("Root color", "Theo", at(10), at(11, 30)),
        ("Cut & finish", "Maya", at(11, 30), at(12, 30)),
    ]
    assert (visit.location, visit.created_by, visit.note) == (
        desk.location,
        desk.staff,
        "Allergic to lavender",
    )


def test_a_service_may_take_longer_this_once(desk, clara, maya, cut):
    visit = book(client=clara, starts_at=at(10), services=[Wanted(cut, maya, 75)], desk=desk)
    assert spans(visit)[0][3] == at(11, 15)


def test_one_visit_begins_when_another_ends(desk, clara, ben, wanted):
    book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    book(client=ben, starts_at=at(11), services=wanted, desk=desk)
    assert Appointment.objects.count() == 2


def test_an_overlap_names_who_is_busy_and_when_and_the_next_free_start(desk, clara, ben, wanted):
    book(client=clara, starts_at=at(15), services=wanted, desk=desk)
    book(client=clara, starts_at=at(16, 30), services=wanted, desk=desk)
    with pytest.raises(Busy) as caught:
        book(client=ben, starts_at=at(15, 30), services=wanted, desk=desk)
    assert caught.value.message == (
        "Maya is with Clara Nuñez from 3:00 pm to 4:00 pm. "
        "The next free times are 5:30 pm, 6:00 pm and 6:30 pm. Nothing was saved."
    )
    assert caught.value.next_frees == [at(17, 30), at(18), at(18, 30)]
    assert caught.value.next_free == at(17, 30)
    assert Appointment.objects.filter(client=ben).count() == 0
    book(client=ben, starts_at=caught.value.next_free, services=wanted, desk=desk)


def test_the_next_free_start_suits_every_staff_member(desk, clara, ben, maya, theo, cut, color):
    book(client=clara, starts_at=at(11, 30), services=[Wanted(cut, maya)], desk=desk)
    book(client=clara, starts_at=at(14), services=[Wanted(cut, theo)], desk=desk)
    both = [Wanted(color, theo), Wanted(cut, maya)]
    with pytest.raises(Busy) as caught:
        book(client=ben, starts_at=at(10), services=both, desk=desk)
    assert caught.value.next_free == at(11)
    with pytest.raises(Busy) as caught:
        book(client=ben, starts_at=at(13), services=both, desk=desk)
    assert caught.value.next_free == at(15)


def test_being_busy_elsewhere_says_where(desk, clara, ben, wanted):
    uptown = make_desk(location=make_location("Uptown"), at=at(9))
    book(client=clara, starts_at=at(10), services=wanted, desk=uptown)
    with pytest.raises(Busy, match="from 10:00 am to 11:00 am at Uptown"):
        book(client=ben, starts_at=at(10), services=wanted, desk=desk)


def test_a_full_day_offers_no_other_start(desk, clara, ben, maya, cut):
    long = [Wanted(cut, maya, 12 * 60)]
    book(client=clara, starts_at=at(6), services=long, desk=desk)
    book(client=clara, starts_at=at(18), services=long, desk=desk)
    with pytest.raises(Busy, match="No other time is free that day") as caught:
        book(client=ben, starts_at=at(10), services=[Wanted(cut, maya)], desk=desk)
    assert caught.value.next_free is None


def test_the_next_free_times_keep_to_working_hours(desk, clara, ben, maya, cut):
    make_hours(location=desk.location, ends=dt.time(17))
    book(client=clara, starts_at=at(15), services=[Wanted(cut, maya)], desk=desk)
    with pytest.raises(Busy) as caught:
        book(client=ben, starts_at=at(15, 30), services=[Wanted(cut, maya)], desk=desk)
    assert "4:00 pm, Wed, Nov 25, 9:00 am and Wed, Nov 25, 9:30 am" in caught.value.message
    assert caught.value.next_frees == [
        at(16),
        at(9, day=DAY + dt.timedelta(days=1)),
        at(9, 30, day=DAY + dt.timedelta(days=1)),
    ]


def test_the_desk_may_book_outside_of_working_hours(desk, clara, ben, wanted):
    make_hours(location=desk.location, ends=dt.time(17))
    book(client=clara, starts_at=at(20), services=wanted, desk=desk)
    with pytest.raises(Busy) as caught:
        book(client=ben, starts_at=at(20, 30), services=wanted, desk=desk)
    assert caught.value.next_free == at(9, day=DAY + dt.timedelta(days=1))


def test_what_is_kept_free_around_a_service_is_taken(desk, clara, ben, maya, cut):
    color = make_service("Color", 95, minutes=60, buffer_before=10, buffer_after=15)
    book(client=clara, starts_at=at(10), services=[Wanted(color, maya)], desk=desk)
    for start in (at(9), at(11, 10)):
        with pytest.raises(Busy, match="Maya is with Clara Nuñez from 10:00 am to 11:00 am"):
            book(client=ben, starts_at=start, services=[Wanted(cut, maya)], desk=desk)
    book(client=ben, starts_at=at(11, 15), services=[Wanted(cut, maya)], desk=desk)


def test_a_visit_keeps_nothing_free_against_itself(desk, clara, maya, theo, cut):
    """Color by Maya, a trim by Theo, and Maya again before her fifteen minutes are over."""
    color = make_service("Color", 95, minutes=60, buffer_before=20, buffer_after=15)
    trim = make_service("Trim", 20, minutes=10)
    visit = book(
        client=clara,
        starts_at=at(10),
        services=[Wanted(color, maya), Wanted(trim, theo), Wanted(color, maya)],
        desk=desk,
    )
    spans = [(row.busy_from, row.busy_until) for row in visit.services.all()]
    assert spans == [(at(9, 40), at(11, 10)), (at(11), at(11, 10)), (at(11, 10), at(12, 25))]


def test_a_visit_whose_deposit_is_being_paid_is_not_changed(desk, clara, wanted):
    visit = book(client=clara, starts_at=at(10), services=wanted, desk=desk, pending=True)
    with pytest.raises(Refused, match="Clara Nuñez is paying the deposit"):
        change(appointment=visit, starts_at=at(12), services=wanted, desk=desk)


def test_the_same_form_twice_books_once(desk, clara, wanted):
    key = uuid.uuid4()
    once = book(client=clara, starts_at=at(10), services=wanted, desk=desk, uuid=key)
    again = book(client=clara, starts_at=at(10), services=wanted, desk=desk, uuid=key)
    assert (once.pk, Appointment.objects.count()) == (again.pk, 1)


def test_a_used_form_books_nothing_else(desk, clara, ben, wanted):
    key = uuid.uuid4()
    book(client=clara, starts_at=at(10), services=wanted, desk=desk, uuid=key)
    with pytest.raises(Refused, match="already used"):
        book(client=ben, starts_at=at(14), services=wanted, desk=desk, uuid=key)


def test_what_cannot_be_booked(desk, clara, maya, cut):
    archived = make_client("Ines Duarte", archived_at=timezone.now())
    old = make_service("Perm", archived_at=timezone.now())
    jo = make_staff("Jo")
    balayage = make_service("Balayage", 220, minutes=150)
    balayage.staff.add(make_staff("Theo"))
    ten = at(10)
    for message, client, services in [
        ("Ines Duarte is archived", archived, [Wanted(cut, maya)]),
        ("at least one service", clara, []),
        ("Perm is no longer offered", clara, [Wanted(old, maya)]),
        ("Jo does not give services", clara, [Wanted(cut, jo)]),
        ("Maya does not give Balayage", clara, [Wanted(balayage, maya)]),
        ("between 1 and 720 minutes", clara, [Wanted(cut, maya, 0)]),
        ("between 1 and 720 minutes", clara, [Wanted(cut, maya, 721)]),
    ]:
        with pytest.raises(Refused, match=message):
            book(client=client, starts_at=ten, services=services, desk=desk)
    assert not Appointment.objects.exists()


def test_a_visit_moves_within_its_own_time(desk, clara, maya, cut, color, wanted):
    visit = book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    moved = change(
        appointment=visit,
        starts_at=at(10, 30),
        services=[Wanted(color, maya), Wanted(cut, maya)],
        desk=desk,
        note="Later",
    )
    assert spans(moved) == [
        ("Root color", "Maya", at(10, 30), at(12)),
        ("Cut & finish", "Maya", at(12), at(13)),
    ]
    assert moved.note == "Later"


def test_a_move_onto_another_visit_changes_nothing(desk, clara, ben, wanted):
    book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    visit = book(client=ben, starts_at=at(14), services=wanted, desk=desk, note="Patch test")
    with pytest.raises(Busy, match="Maya is with Clara Nuñez from 10:00 am to 11:00 am"):
        change(appointment=visit, starts_at=at(10, 15), services=wanted, desk=desk)
    visit.refresh_from_db()
    assert (visit.starts_at, visit.note, spans(visit)[0][2]) == (at(14), "Patch test", at(14))


def test_a_change_seen_too_late_is_refused(desk, clara, wanted):
    visit = book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    seen = fingerprint(visit)
    change(appointment=visit, starts_at=at(12), services=wanted, desk=desk, seen=seen)
    with pytest.raises(StaleVisit, match="changed at another desk"):
        change(appointment=visit, starts_at=at(14), services=wanted, desk=desk, seen=seen)
    visit.refresh_from_db()
    assert visit.starts_at == at(12)


def test_what_is_over_is_not_changed(desk, clara, wanted):
    done = finish(appointment=book(client=clara, starts_at=at(10), services=wanted, desk=desk))
    gone = book(client=clara, starts_at=at(12), services=wanted, desk=desk)
    cancel(appointment=gone, reason="Ill", desk=desk)
    for visit, word in [(done, "checked out"), (gone, "canceled")]:
        with pytest.raises(Refused, match=f"This visit is {word}"):
            change(appointment=visit, starts_at=at(14), services=wanted, desk=desk)


def test_staff_who_left_may_stay_on_a_visit_but_not_join_one(desk, clara, maya, theo, cut, wanted):
    visit = book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    for person in (maya, theo):
        person.is_active = False
        person.save()
    change(appointment=visit, starts_at=at(11), services=wanted, desk=desk)
    with pytest.raises(Refused, match="Theo does not give services"):
        change(appointment=visit, starts_at=at(11), services=[Wanted(cut, theo)], desk=desk)


def test_who_has_a_stake_is_asked_before_a_move_only(desk, clara, maya, wanted, color):
    asked = []
    changes.ask("zz-deposits", asked.append)
    try:
        visit = book(client=clara, starts_at=at(10), services=wanted, desk=desk)
        change(appointment=visit, starts_at=at(10), services=[Wanted(color, maya)], desk=desk)
        assert asked == []
        change(appointment=visit, starts_at=at(11), services=wanted, desk=desk)
    finally:
        changes.forget("zz-deposits")
    (told,) = asked
    assert (told.kind, told.starts_at) == (changes.Kind.MOVED, at(11))


def test_two_swaps_in_one_transaction_are_checked_each(desk, clara, ben, wanted):
    """Checking now must not stay switched on for what the same transaction does later."""
    first = book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    book(client=ben, starts_at=at(11), services=wanted, desk=desk)
    change(appointment=first, starts_at=at(12), services=wanted, desk=desk)
    change(appointment=first, starts_at=at(10), services=wanted, desk=desk)
    assert first.services.get().starts_at == at(10)


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_at_once_one_books_and_the_other_is_told(desk, maya, theo, cut):
    """Each asks for both staff, in opposite order: neither deadlock nor double booking."""
    people = [make_client("Clara Nuñez"), make_client("Ben Okafor")]
    # Half an hour apart, so that each finds Maya taken by the other.
    orders = [
        [Wanted(cut, maya), Wanted(cut, theo)],
        [Wanted(cut, theo, 30), Wanted(cut, maya)],
    ]

    def come(client, services):
        return lambda: book(client=client, starts_at=at(10), services=services, desk=desk)

    results = at_once(*map(come, people, orders), told=(Busy,))
    assert sorted(type(result).__name__ for result in results) == ["Appointment", "Busy"]
    assert Appointment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_two_hands_books_once(desk, maya, cut):
    key, clara = uuid.uuid4(), make_client("Clara Nuñez")
    services = [Wanted(cut, maya)]

    def send():
        return book(client=clara, starts_at=at(10), services=services, desk=desk, uuid=key)

    assert len({visit.pk for visit in at_once(send, send)}) == 1


def test_booking_costs_the_same_for_one_service_as_for_three(
    desk, clara, maya, cut, django_assert_num_queries
):
    # Times, givers, savepoint, staff, this form's visit, time off, the visit, its services, two
    # checks, release.
    for count, start in ((1, 10), (3, 14)):
        services = [Wanted(cut, maya)] * count
        with django_assert_num_queries(11):
            book(client=clara, starts_at=at(start), services=services, desk=desk)


def test_a_visit_across_the_hour_that_comes_twice_keeps_its_length(desk, clara, maya, cut):
    night = dt.date(2026, 11, 1)
    visit = book(client=clara, starts_at=at(1, 30, night), services=[Wanted(cut, maya)], desk=desk)
    row = visit.services.get()
    assert row.ends_at - row.starts_at == dt.timedelta(hours=1)
    with pytest.raises(Busy, match="from 1:30 am EDT to 1:30 am EST"):
        book(client=clara, starts_at=at(1, 45, night), services=[Wanted(cut, maya)], desk=desk)
    assert night < DAY


def test_postgres_itself_refuses_what_goes_past_the_verbs(desk, clara, maya, cut, wanted):
    visit = book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    row = AppointmentService(
        appointment=visit,
        service=cut,
        staff=maya,
        starts_at=at(10, 30),
        ends_at=at(11, 30),
        busy_from=at(10, 30),
        busy_until=at(11, 30),
    )
    refused = pytest.raises(IntegrityError, match="appointments_staff_in_one_place")
    with refused, transaction.atomic():
        row.save()
        check_places()


@pytest.mark.django_db(transaction=True)
def test_putting_back_and_booking_at_once_give_the_time_to_one(desk, maya, cut):
    clara, ben = make_client("Clara Nuñez"), make_client("Ben Okafor")
    services = [Wanted(cut, maya)]
    visit = book(client=clara, starts_at=at(10), services=services, desk=desk)
    cancel(appointment=visit, reason="Ill", desk=desk)
    results = at_once(
        lambda: restore(appointment=visit, desk=desk),
        lambda: book(client=ben, starts_at=at(10, 30), services=services, desk=desk),
        told=(Busy,),
    )
    assert sorted(type(result).__name__ for result in results) == ["Appointment", "Busy"]
    assert AppointmentService.objects.filter(occupies=True).count() == 1
