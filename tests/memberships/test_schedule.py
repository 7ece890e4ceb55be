"""When billing periods begin: month ends, leap days, quarters, years, weeks, days of the month."""

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from memberships.schedule import Schedule, first_period, part_of, step
from salon.money import minor
from tests.factories import dollars

DAYS = some.dates(dt.date(1999, 1, 1), dt.date(2101, 12, 31))
EVERY = some.sampled_from(["week", "month", "quarter", "year"])
BILLING_DAYS = some.one_of(some.none(), some.integers(1, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def starts(on: str, every: str, count: int, billing_day: int | None = None) -> list[str]:
    """The first days of the periods from number 0 on."""
    schedule = Schedule(every, day(on), billing_day=billing_day)
    return [schedule.start_of(number).isoformat() for number in range(count)]


@pytest.mark.parametrize(
    ("on", "every", "billing_day", "expected"),
    [
        (
            "2027-01-31",
            "month",
            None,
            ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"],
        ),
        ("2028-01-31", "month", None, ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("2027-01-29", "month", None, ["2027-01-29", "2027-02-28", "2027-03-29"]),
        ("2028-01-29", "month", None, ["2028-01-29", "2028-02-29", "2028-03-29"]),
        ("2026-11-22", "month", None, ["2026-11-22", "2026-12-22", "2027-01-22"]),
        ("2027-02-28", "month", 31, ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]),
        ("2027-02-28", "month", None, ["2027-02-28", "2027-03-28", "2027-04-28"]),
        ("2026-11-30", "quarter", None, ["2026-11-30", "2027-02-28", "2027-05-30"]),
        ("2027-11-30", "quarter", 31, ["2027-11-30", "2028-02-29", "2028-05-31"]),
        ("2028-02-29", "year", None, ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28"]),
        ("2026-12-25", "week", None, ["2026-12-25", "2027-01-01", "2027-01-08"]),
        ("2028-02-25", "week", None, ["2028-02-25", "2028-03-03"]),
    ],
)
def test_a_short_month_moves_one_charge_and_only_that(on, every, billing_day, expected):
    assert starts(on, every, len(expected), billing_day) == expected


def test_who_joined_on_a_leap_day_is_charged_on_it_again():
    assert starts("2028-02-29", "year", 5)[-1] == "2032-02-29"


def test_periods_before_the_anchor_are_known_too():
    """The anchor moved to number 7 after a pause: number 5 began two months before."""
    schedule = Schedule("month", day("2027-05-31"), number=7)
    assert schedule.start_of(5) == day("2027-03-31")
    assert schedule.start_of(4) == day("2027-02-28")


@given(DAYS, EVERY, BILLING_DAYS, some.integers(0, 40), some.integers(-40, 40))
def test_each_period_begins_after_the_one_before(anchor, every, billing_day, number, ahead):
    schedule = Schedule(every, anchor, number, billing_day)
    assert schedule.start_of(number + ahead) < schedule.start_of(number + ahead + 1)


def slow_step(on: dt.date, months: int, wanted: int) -> dt.date:
    """So many months later, one month after the other, on that day or the month's last."""
    year, month = on.year, on.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return dt.date(year, month, min(wanted, calendar.monthrange(year, month)[1]))


@given(DAYS, some.sampled_from([("month", 1), ("quarter", 3), ("year", 12)]), BILLING_DAYS,
       some.integers(0, 60))  # fmt: skip
def test_a_step_is_months_counted_one_by_one(on, every, billing_day, count):
    name, months = every
    assert step(on, name, count, billing_day) == slow_step(
        on, months * count, billing_day or on.day
    )


@given(DAYS, EVERY, BILLING_DAYS, some.integers(-30, 30))
def test_periods_follow_each_other_without_a_gap(on, every, billing_day, number):
    schedule = Schedule(every, on, billing_day=billing_day)
    assert schedule.start_of(number) < schedule.start_of(number + 1)


# --- The first period -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "every", "billing_day", "until", "part"),
    [
        ("2026-11-22", "month", None, "2026-12-22", (1, 1)),
        ("2026-11-22", "month", 22, "2026-12-22", (1, 1)),
        ("2026-11-22", "month", 1, "2026-12-01", (9, 30)),
        ("2026-11-22", "month", 25, "2026-11-25", (3, 31)),
        ("2027-02-28", "month", 31, "2027-03-31", (1, 1)),
        ("2027-02-10", "month", 31, "2027-02-28", (18, 28)),
        ("2027-03-30", "month", 31, "2027-03-31", (1, 31)),
        ("2026-11-22", "quarter", 1, "2026-12-01", (9, 91)),
        ("2026-11-22", "year", 1, "2026-12-01", (9, 365)),
        ("2026-12-31", "week", None, "2027-01-07", (1, 1)),
    ],
)
def test_the_first_period_lasts_until_the_billing_day(on, every, billing_day, until, part):
    first = first_period(day(on), every, billing_day)
    assert first.until_on == day(until)
    assert (first.days, first.of_days) == part


@given(DAYS, some.sampled_from(["month", "quarter", "year"]), some.integers(1, 31))
def test_a_part_is_never_more_than_a_whole_period(on, every, billing_day):
    first = first_period(on, every, billing_day)
    assert on < first.until_on
    assert 0 < first.days <= first.of_days
    assert Schedule(every, first.until_on, 1, billing_day).start_of(1) == first.until_on


@pytest.mark.parametrize(
    ("amount", "days", "of_days", "expected"),
    [
        ("100", 9, 30, "30.00"),
        ("100", 3, 31, "9.68"),
        ("0.01", 1, 31, "0.01"),
        ("0", 9, 30, "0"),
        ("100", 30, 30, "100"),
        ("0.03", 15, 30, "0.02"),
    ],
)
def test_a_part_is_rounded_half_up_and_never_to_nothing(amount, days, of_days, expected):
    assert part_of(dollars(amount), days, of_days) == dollars(expected)


@given(some.integers(1, 10**7), some.integers(1, 366), some.integers(1, 366))
def test_a_part_is_within_half_a_cent_of_what_it_should_be(cents, days, more):
    of_days = days + more
    part = minor(part_of(dollars(cents) / 100, days, of_days))
    assert 1 <= part <= cents
    assert abs(part * of_days - cents * days) * 2 <= max(of_days, 2 * of_days - 1)
