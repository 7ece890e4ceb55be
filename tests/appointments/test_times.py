"""Wall clocks, on the two days a year when they jump too."""

import datetime as dt
import zoneinfo

import pytest

from appointments.errors import NoSuchHour
from appointments.times import at_wall, comes_twice, day_bounds, say_day, say_time
from tests.factories import make_location

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
LORD_HOWE = zoneinfo.ZoneInfo("Australia/Lord_Howe")
SPRING, AUTUMN = dt.date(2026, 3, 8), dt.date(2026, 11, 1)


def test_times_are_said_as_a_salon_says_them():
    day = dt.date(2026, 11, 24)
    for wall, said in [((15, 15), "3:15 pm"), ((0, 5), "12:05 am"), ((12, 0), "12:00 pm")]:
        assert say_time(at_wall(day, dt.time(*wall), NEW_YORK), NEW_YORK) == said
    assert say_day(day) == "Tue, Nov 24"


def test_the_skipped_hour_is_refused_with_the_next_time_that_exists():
    with pytest.raises(NoSuchHour, match=r"2:30 am does not exist\. The next time is 3:00 am"):
        at_wall(SPRING, dt.time(2, 30), NEW_YORK)


def test_the_times_around_the_skipped_hour_are_an_hour_nearer():
    before = at_wall(SPRING, dt.time(1, 59), NEW_YORK)
    after = at_wall(SPRING, dt.time(3, 0), NEW_YORK)
    assert after - before == dt.timedelta(minutes=1)


def test_half_an_hour_may_be_skipped_too():
    with pytest.raises(NoSuchHour, match=r"2:15 am does not exist\. The next time is 2:30 am"):
        at_wall(dt.date(2026, 10, 4), dt.time(2, 15), LORD_HOWE)


def test_the_repeated_hour_is_the_first_unless_the_second_is_meant():
    first = at_wall(AUTUMN, dt.time(1, 30), NEW_YORK)
    second = at_wall(AUTUMN, dt.time(1, 30), NEW_YORK, second=True)
    assert second - first == dt.timedelta(hours=1)
    assert [say_time(moment, NEW_YORK) for moment in (first, second)] == [
        "1:30 am EDT",
        "1:30 am EST",
    ]


def test_only_the_repeated_hour_comes_twice():
    assert comes_twice(AUTUMN, dt.time(1, 0), NEW_YORK)
    assert not comes_twice(AUTUMN, dt.time(2, 0), NEW_YORK)
    assert not comes_twice(SPRING, dt.time(2, 30), NEW_YORK)


def test_saying_second_where_nothing_repeats_changes_nothing():
    day = dt.date(2026, 11, 24)
    once = at_wall(day, dt.time(15, 0), NEW_YORK)
    assert at_wall(day, dt.time(15, 0), NEW_YORK, second=True) == once


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 24), (SPRING - dt.timedelta(1), 23)])
def test_a_business_day_may_have_23_hours(db, day, hours):
    first, last = day_bounds(make_location(), day)
    assert last - first == dt.timedelta(hours=hours)
