"""Time off, and what it does to bookings."""

import datetime as dt
import uuid

import pytest

from appointments.booking import book
from appointments.errors import Busy, Refused
from appointments.models import Appointment, TimeOff
from appointments.taking_off import HasVisits, add_time_off, remove_time_off
from salon.models import SettingChange
from tests.appointments.conftest import DAY, at
from tests.factories import make_client, make_staff
from tests.harness.at_once import at_once

pytestmark = pytest.mark.django_db


def test_nobody_is_booked_in_time_off_until_it_is_removed(desk, maya, wanted):
    off = add_time_off(staff=maya, starts_at=at(12), ends_at=at(13), desk=desk, reason="Lunch")
    clara = make_client()
    with pytest.raises(Busy, match="Maya is off on Tue, Nov 24 from 12:00 pm to 1:00 pm"):
        book(client=clara, starts_at=at(11, 30), services=wanted, desk=desk)
    book(client=clara, starts_at=at(11), services=wanted, desk=desk)
    remove_time_off(time_off=off, desk=desk)
    remove_time_off(time_off=off, desk=desk)
    book(client=clara, starts_at=at(12), services=wanted, desk=desk)


def test_both_are_recorded(desk, maya):
    midnight = dt.time()
    first = dt.datetime.combine(DAY, midnight, tzinfo=desk.location.zone)
    off = add_time_off(staff=maya, starts_at=first, ends_at=first + dt.timedelta(days=2), desk=desk)
    remove_time_off(time_off=off, desk=desk)
    rows = SettingChange.objects.order_by("id").values_list("subject", "before", "after")
    said = "from Tue, Nov 24 to Wed, Nov 25"
    assert list(rows) == [("Hours: Maya", "", said), ("Hours: Maya", said, "")]


def test_visits_in_the_way_are_named_and_may_stay(desk, maya, wanted):
    book(client=make_client(), starts_at=at(15), services=wanted, desk=desk)
    wish = {"staff": maya, "starts_at": at(9), "ends_at": at(19), "desk": desk}
    with pytest.raises(HasVisits, match="Maya has 1 visit then: Clara Nuñez, Tue, Nov 24, 3:00 pm"):
        add_time_off(**wish)
    assert not TimeOff.objects.exists()
    add_time_off(**wish, beside_visits=True)
    with pytest.raises(Busy, match="Maya is off"):
        book(client=make_client(), starts_at=at(10), services=wanted, desk=desk)


def test_the_form_sent_twice_adds_it_once_and_nothing_else(desk, maya):
    wish = {
        "staff": maya,
        "starts_at": at(9),
        "ends_at": at(10),
        "desk": desk,
        "uuid": uuid.uuid4(),
    }
    assert add_time_off(**wish) == add_time_off(**wish)
    with pytest.raises(Refused, match="already used"):
        add_time_off(**wish | {"ends_at": at(11)})


def test_what_is_no_time_off(desk, maya):
    for message, wish in [
        ("ends after it begins", {"ends_at": at(9)}),
        ("more than a year", {"ends_at": at(9) + dt.timedelta(days=400)}),
        ("Jo gives no services", {"staff": make_staff("Jo")}),
    ]:
        with pytest.raises(Refused, match=message):
            add_time_off(
                **{"staff": maya, "starts_at": at(9), "ends_at": at(10), "desk": desk} | wish
            )


@pytest.mark.django_db(transaction=True)
def test_of_a_booking_and_time_off_at_once_one_sees_the_other(desk, maya, wanted):
    clara = make_client()
    results = at_once(
        lambda: book(client=clara, starts_at=at(10), services=wanted, desk=desk),
        lambda: add_time_off(staff=maya, starts_at=at(9), ends_at=at(12), desk=desk),
        told=(Refused,),
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Appointment.objects.count() + TimeOff.objects.count() == 1
