"""When a visit could start, and with whom."""

import datetime as dt

import pytest

from appointments.booking import book
from appointments.free_times import MOST_DAYS, free_times
from appointments.segments import Wanted
from salon.models import ServiceOverride
from tests.appointments.conftest import DAY, ZONE, at
from tests.factories import (
    make_client,
    make_hours,
    make_location,
    make_service,
    make_staff,
    make_time_off,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def midtown(desk):
    return desk.location


@pytest.fixture
def short_day(midtown):
    """Midtown is open on Tuesday from nine to noon."""
    make_hours(None, 1, location=midtown, ends=dt.time(12))
    return midtown


def slots(location, *services, day=DAY, every=30, **more):
    return free_times(
        location=location, services=services, first=day, last=day, every=every, **more
    )[day]


def clock(found):
    return [f"{slot.starts_at.astimezone(ZONE):%-H:%M}" for slot in found]


def with_whom(found):
    return [(*clock([slot]), *(person.name for person in slot.staff)) for slot in found]


def busy(desk, staff, start, minutes, service=None):
    service = service or make_service("Braids", 40, minutes=60)
    return book(
        client=make_client("Ines Duarte"),
        starts_at=start,
        services=[Wanted(service, staff, minutes)],
        desk=desk,
    )


def test_starts_stand_on_a_grid_within_hours(short_day, maya, cut):
    assert clock(slots(short_day, (cut, maya))) == ["9:00", "9:30", "10:00", "10:30", "11:00"]
    assert clock(slots(short_day, (cut, maya), every=60)) == ["9:00", "10:00", "11:00"]


def test_every_day_asked_for_is_told_open_or_not(short_day, maya, cut):
    found = free_times(
        location=short_day,
        services=[(cut, maya)],
        first=DAY - dt.timedelta(days=1),
        last=DAY + dt.timedelta(days=1),
        every=60,
    )
    assert [len(found[DAY + dt.timedelta(days=n)]) for n in (-1, 0, 1)] == [0, 3, 0]


def test_too_many_days_are_refused_and_none_gives_none(short_day, maya, cut):
    asked = {"location": short_day, "services": [(cut, maya)], "first": DAY, "every": 30}
    with pytest.raises(ValueError, match="too many"):
        free_times(last=DAY + dt.timedelta(days=MOST_DAYS), **asked)
    assert free_times(last=DAY - dt.timedelta(days=1), **asked) == {}


def test_what_the_book_has_is_not_free_and_a_start_follows_right_behind(short_day, desk, maya, cut):
    busy(desk, maya, at(9), 50)
    assert clock(slots(short_day, (cut, maya))) == ["9:50", "10:00", "10:30", "11:00"]


def test_a_start_right_behind_stands_on_five_minutes_or_is_none(short_day, desk, maya, cut):
    busy(desk, maya, at(9), 52)
    assert clock(slots(short_day, (cut, maya))) == ["10:00", "10:30", "11:00"]


def test_for_anyone_the_grid_alone_is_offered(short_day, desk, maya, cut):
    busy(desk, maya, at(9), 50)
    assert clock(slots(short_day, (cut, None))) == ["10:00", "10:30", "11:00"]


def test_what_is_booked_at_another_location_is_not_free(short_day, desk, maya, cut):
    uptown = make_location("Uptown")
    make_hours(maya, 0, location=uptown)
    book(
        client=make_client(),
        starts_at=at(9, 30),
        services=[Wanted(cut, maya, 90)],
        desk=type(desk)(desk.staff, uptown),
    )
    assert clock(slots(short_day, (cut, maya))) == ["11:00"]


def test_time_off_is_not_free_and_a_start_follows_right_behind(short_day, maya, cut):
    make_time_off(maya, at(9, 30), at(10, 20), "Dentist")
    assert clock(slots(short_day, (cut, maya))) == ["10:20", "10:30", "11:00"]


def test_what_is_kept_free_lies_within_hours_and_between_visits(short_day, desk, maya):
    color = make_service("Color", 95, minutes=60, buffer_before=10, buffer_after=15)
    assert clock(slots(short_day, (color, maya))) == ["9:30", "10:00", "10:30"]
    busy(desk, maya, at(9), 45, service=color)
    # Maya is busy from 8:50 to 10:00; ten minutes later the next color may begin.
    assert clock(slots(short_day, (color, maya))) == ["10:10", "10:30"]


def test_between_two_services_of_one_person_nothing_is_kept_free(short_day, maya, cut):
    color = make_service("Color", 95, minutes=60, buffer_before=10, buffer_after=15)
    # 10 + 60 + 60 of three hours; not 15 more between the two.
    found = slots(short_day, (color, maya), (cut, maya), every=10)
    assert (clock(found)[0], clock(found)[-1]) == ("9:10", "10:00")


def test_each_service_takes_as_long_as_with_that_person(short_day, maya, theo, cut):
    ServiceOverride.objects.create(service=cut, staff=theo, minutes=120)
    assert clock(slots(short_day, (cut, maya)))[-1] == "11:00"
    assert clock(slots(short_day, (cut, theo)))[-1] == "10:00"


def test_services_of_two_people_follow_one_another(short_day, desk, maya, theo, cut):
    busy(desk, theo, at(9), 90)
    found = slots(short_day, (cut, maya), (cut, theo))
    assert with_whom(found) == [("9:30", "Maya", "Theo"), ("10:00", "Maya", "Theo")]


def test_anyone_is_the_least_busy_that_day(short_day, desk, maya, theo, cut):
    assert with_whom(slots(short_day, (cut, None)))[0] == ("9:00", "Maya")
    busy(desk, maya, at(11), 30)
    assert with_whom(slots(short_day, (cut, None)))[0] == ("9:00", "Theo")


def test_one_person_gives_the_whole_visit_where_that_is_possible(short_day, desk, maya, theo, cut):
    busy(desk, theo, at(9), 30)
    busy(desk, maya, at(11), 60)
    assert with_whom(slots(short_day, (cut, None), (cut, None))) == [
        ("9:00", "Maya", "Maya"),
        ("9:30", "Theo", "Theo"),
        ("10:00", "Theo", "Theo"),
    ]


def test_two_people_share_a_visit_where_nobody_has_all_of_the_time(
    short_day, desk, maya, theo, cut
):
    busy(desk, maya, at(10), 120)
    busy(desk, theo, at(9), 60)
    busy(desk, theo, at(11, 30), 30)
    assert with_whom(slots(short_day, (cut, None), (cut, None))) == [("9:00", "Maya", "Theo")]


def test_who_was_asked_for_gives_the_rest_too(short_day, maya, theo, cut, color):
    found = slots(short_day, (cut, theo), (color, None))
    assert with_whom(found) == [("9:00", "Theo", "Theo"), ("9:30", "Theo", "Theo")]


def test_only_who_gives_a_service_is_offered(short_day, maya, theo, cut):
    cut.staff.add(theo)
    assert {slot.staff for slot in slots(short_day, (cut, None))} == {(theo,)}
    assert slots(short_day, (cut, maya)) == []


def test_who_does_not_work_here_is_not_offered(short_day, cut):
    gone = make_staff("Sam", is_provider=True, is_active=False)
    far = make_staff("Kim", is_provider=True, location=make_location("Uptown"))
    for person in (gone, far, make_staff("Jo")):
        assert slots(short_day, (cut, person)) == []
    assert slots(short_day, (cut, None)) == []


def test_online_only_what_clients_may_book(short_day, maya, theo, cut, color):
    maya.books_online = False
    maya.save()
    assert {s.staff for s in slots(short_day, (cut, None), online=True)} == {(theo,)}
    assert slots(short_day, (cut, maya), online=True) == []
    color.books_online = False
    color.save()
    assert slots(short_day, (color, None), online=True) == []
    assert slots(short_day, (color, None)) != []


def test_nothing_before_a_moment(short_day, maya, cut):
    assert clock(slots(short_day, (cut, maya), not_before=at(10, 1))) == ["10:30", "11:00"]


def test_a_visit_that_moves_is_not_in_its_own_way(short_day, desk, maya, cut):
    visit = busy(desk, maya, at(9), 180)
    assert slots(short_day, (cut, maya)) == []
    assert len(slots(short_day, (cut, maya), apart_from=visit)) == 5


def test_a_start_that_is_offered_can_be_booked(short_day, desk, maya, theo):
    """Every one of them, with buffers and two people, is taken by the book as it was offered."""
    color = make_service("Color", 95, minutes=45, buffer_before=5, buffer_after=10)
    cut = make_service("Trim", 40, minutes=20, buffer_before=15)
    busy(desk, maya, at(10), 25)
    busy(desk, theo, at(9, 30), 20)
    wishes = [(color, None), (cut, theo), (color, None)]
    found = slots(short_day, *wishes, every=5)
    assert found
    for slot in found:
        visit = book(
            client=make_client(),
            starts_at=slot.starts_at,
            services=[
                Wanted(service, person)
                for (service, _), person in zip(wishes, slot.staff, strict=True)
            ],
            desk=desk,
        )
        visit.services.update(occupies=False)


def test_the_night_in_which_an_hour_comes_twice_has_its_starts_twice(midtown, maya, cut):
    make_hours(None, 6, location=midtown, starts=dt.time(0), ends=dt.time(3))
    saturday = dt.date(2026, 10, 31)
    found = slots(midtown, (cut, maya), day=saturday, every=60)
    assert clock(found) == ["0:00", "1:00", "1:00", "2:00"]
    assert len({slot.starts_at for slot in found}) == 4


def test_the_night_in_which_an_hour_is_skipped_does_not_offer_it(midtown, maya, cut):
    make_hours(None, 6, location=midtown, starts=dt.time(0), ends=dt.time(5))
    found = slots(midtown, (cut, maya), day=dt.date(2027, 3, 13), every=60)
    assert clock(found) == ["0:00", "1:00", "3:00"]


def test_a_month_of_many_people_costs_six_queries(
    short_day, desk, cut, color, django_assert_num_queries
):
    for n in range(4):
        busy(desk, make_staff(f"P{n}", is_provider=True, location=short_day), at(9), 30)
    cut.staff.add(make_staff("P1"))
    with django_assert_num_queries(6):
        found = free_times(
            location=short_day,
            services=[(cut, None), (color, None)],
            first=DAY,
            last=DAY + dt.timedelta(days=30),
            every=15,
        )
    assert found[DAY]
