"""When people work: whose hours count, business days, and the days on which clocks change."""

import datetime as dt

import pytest
from django.utils import timezone

from appointments.hours import MIDNIGHT, Hours, works_at
from salon.models import StaffMember
from tests.appointments.conftest import DAY, ZONE, at
from tests.factories import make_hours, make_location, make_staff, make_time_off

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY = 1, 2
BACK, FORWARD = dt.date(2026, 11, 1), dt.date(2027, 3, 14)
"""Sundays in New York: 1 am comes twice; 2 am never comes."""


@pytest.fixture
def midtown():
    return make_location("Midtown")


@pytest.fixture
def uptown():
    return make_location("Uptown")


def spoken(windows):
    """9:00-19:00, on the clock of New York."""
    return [
        f"{w.starts_at.astimezone(ZONE):%-H:%M}-{w.ends_at.astimezone(ZONE):%-H:%M}"
        for w in windows
    ]


def of(person, location, day=DAY):
    return spoken(Hours(location, [person], day).of(person, day))


def test_without_hours_of_ones_own_one_works_whenever_the_own_location_is_open(midtown, maya):
    make_hours(None, TUESDAY, location=midtown, starts=dt.time(10), ends=dt.time(14))
    make_hours(None, TUESDAY, location=midtown, starts=dt.time(15), ends=dt.time(20))
    assert of(maya, midtown) == ["10:00-14:00", "15:00-20:00"]
    assert of(maya, midtown, DAY + dt.timedelta(days=1)) == []


def test_ones_own_hours_count_instead_and_on_other_days_one_does_not_work(midtown, maya):
    make_hours(location=midtown)
    make_hours(maya, TUESDAY, location=midtown, starts=dt.time(12), ends=dt.time(16))
    assert of(maya, midtown) == ["12:00-16:00"]
    assert of(maya, midtown, DAY + dt.timedelta(days=1)) == []


def test_at_another_location_one_works_only_by_own_hours(midtown, uptown, maya):
    make_hours(location=midtown)
    make_hours(location=uptown)
    assert of(maya, uptown) == []
    make_hours(maya, TUESDAY, location=uptown, starts=dt.time(12), ends=dt.time(16))
    assert of(maya, uptown) == ["12:00-16:00"]


def test_a_day_of_own_hours_elsewhere_is_not_a_day_at_home(midtown, uptown, maya):
    make_hours(location=midtown)
    make_hours(maya, TUESDAY, location=uptown)
    assert of(maya, midtown) == []
    assert of(maya, midtown, DAY + dt.timedelta(days=1)) == ["9:00-19:00"]
    uptown.archived_at = timezone.now()
    uptown.save()
    assert of(maya, midtown) == ["9:00-19:00"]


def test_who_is_at_home_nowhere_works_everywhere(midtown, uptown):
    make_hours(location=midtown)
    make_hours(location=uptown, ends=dt.time(17))
    kim = make_staff("Kim", is_provider=True, location=None)
    assert (of(kim, midtown), of(kim, uptown)) == (["9:00-19:00"], ["9:00-17:00"])


def test_who_gives_services_where(midtown, uptown, maya):
    theo = make_staff("Theo", location=uptown)
    kim = make_staff("Kim", is_provider=True, location=None)
    make_hours(theo, TUESDAY, location=midtown)
    here = StaffMember.objects.filter(works_at(midtown), is_provider=True).order_by("name")
    assert list(here) == [kim, maya, theo]
    assert maya not in StaffMember.objects.filter(works_at(uptown))


def test_a_place_without_hours_is_closed(midtown, maya):
    assert of(maya, midtown) == []
    assert Hours(midtown, [], DAY).opening(DAY) == []


def test_hours_past_midnight_belong_to_the_business_day_before(midtown, maya):
    """Open from Tuesday 6 pm to Wednesday 1 am; the day begins at 4 am."""
    make_hours(None, TUESDAY, location=midtown, starts=dt.time(18), ends=MIDNIGHT)
    make_hours(None, WEDNESDAY, location=midtown, starts=dt.time(0), ends=dt.time(1))
    assert of(maya, midtown) == ["18:00-1:00"]
    assert of(maya, midtown, DAY + dt.timedelta(days=1)) == []


def test_nine_to_five_is_nine_to_five_when_clocks_change(midtown, maya):
    make_hours(location=midtown, starts=dt.time(9), ends=dt.time(17))
    for sunday in (BACK, FORWARD):
        for day in (sunday - dt.timedelta(days=1), sunday):
            (window,) = Hours(midtown, [maya], day).of(maya, day)
            assert spoken([window]) == ["9:00-17:00"]
            assert window.ends_at - window.starts_at == dt.timedelta(hours=8)


def test_a_night_is_an_hour_longer_or_shorter_when_clocks_change(midtown, maya):
    """The night belongs to the business day of the Saturday before."""
    make_hours(location=midtown, starts=dt.time(0), ends=dt.time(4))
    for sunday, hours in ((BACK, 5), (FORWARD, 3)):
        saturday = sunday - dt.timedelta(days=1)
        (window,) = Hours(midtown, [maya], saturday).of(maya, saturday)
        assert window.ends_at - window.starts_at == dt.timedelta(hours=hours)


def test_a_time_that_clocks_skip_is_when_they_skip_it(midtown, maya):
    saturday = FORWARD - dt.timedelta(days=1)
    make_hours(None, 6, location=midtown, starts=dt.time(2, 30), ends=dt.time(3, 30))
    (window,) = Hours(midtown, [maya], saturday).of(maya, saturday)
    assert spoken([window]) == ["3:00-3:30"]


def test_hours_within_the_skipped_hour_are_none(midtown, maya):
    saturday = FORWARD - dt.timedelta(days=1)
    make_hours(None, 6, location=midtown, starts=dt.time(2, 10), ends=dt.time(2, 50))
    assert of(maya, midtown, saturday) == []


def test_a_time_that_comes_twice_is_the_first(midtown, maya):
    saturday = BACK - dt.timedelta(days=1)
    make_hours(None, 6, location=midtown, starts=dt.time(1, 30), ends=dt.time(2))
    (window,) = Hours(midtown, [maya], saturday).of(maya, saturday)
    assert window.starts_at == dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)
    assert window.ends_at == dt.datetime(2026, 11, 1, 7, tzinfo=dt.UTC)


def test_time_off_is_taken_out(midtown, maya):
    make_hours(location=midtown)
    make_time_off(maya, at(12), at(13), "Lunch")
    make_time_off(maya, at(18), at(9, day=DAY + dt.timedelta(days=2)))
    hours = Hours(midtown, [maya], DAY, DAY + dt.timedelta(days=2))
    assert spoken(hours.of(maya, DAY)) == ["9:00-19:00"]
    assert spoken(hours.free(maya, DAY)) == ["9:00-12:00", "13:00-18:00"]
    assert hours.free(maya, DAY + dt.timedelta(days=1)) == []
    assert spoken(hours.free(maya, DAY + dt.timedelta(days=2))) == ["9:00-19:00"]
    assert [off.reason for off in hours.off(maya, DAY)] == ["Lunch", ""]


def test_a_month_of_many_costs_two_queries(midtown, django_assert_num_queries):
    people = [make_staff(f"P{n}", is_provider=True, location=midtown) for n in range(5)]
    make_hours(location=midtown)
    with django_assert_num_queries(2):
        hours = Hours(midtown, people, DAY, DAY + dt.timedelta(days=30))
        for person in people:
            for n in range(31):
                assert hours.free(person, DAY + dt.timedelta(days=n))
