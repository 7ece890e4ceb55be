"""The days that a report is about, as an address asks for them."""

import datetime as dt

import pytest

from salon.reporting.periods import PRESETS, AsOfForm, PeriodForm, span_of

TUESDAY = dt.date(2026, 11, 24)


def asked(**data):
    return PeriodForm(data or None, today=TUESDAY, places=[])


def days(**data):
    value = asked(**data).value
    return f"{value.start} {value.end}"


@pytest.mark.parametrize(
    ("preset", "span"),
    [
        ("today", "2026-11-24 2026-11-24"),
        ("yesterday", "2026-11-23 2026-11-23"),
        ("week", "2026-11-23 2026-11-24"),
        ("month", "2026-11-01 2026-11-24"),
        ("last_month", "2026-10-01 2026-10-31"),
        ("quarter", "2026-10-01 2026-11-24"),
        ("year", "2026-01-01 2026-11-24"),
        ("last_year", "2025-01-01 2025-12-31"),
    ],
)
def test_each_preset_is_these_days(preset, span):
    assert days(period=preset) == span
    assert preset in dict(PRESETS)


def test_the_month_before_january_is_december():
    assert span_of("last_month", dt.date(2026, 1, 5)) == (
        dt.date(2025, 12, 1),
        dt.date(2025, 12, 31),
    )


def test_nothing_asked_is_this_month():
    assert days() == days(period="") == "2026-11-01 2026-11-24"
    assert asked().preset == "month"


def test_typed_days_are_taken_as_they_are_and_no_preset_is_marked():
    form = asked(start="2026-02-03", end="2026-03-04")
    assert (str(form.value.start), str(form.value.end)) == ("2026-02-03", "2026-03-04")
    assert str(form.value.before) == "2026-02-02"
    assert form.preset == ""


def test_one_typed_day_is_enough():
    assert days(start="2026-02-03") == "2026-02-03 2026-11-24"
    assert days(end="2026-02-03") == "2026-02-01 2026-02-03"
    assert days(start="2027-05-05") == "2027-05-05 2027-05-05"


@pytest.mark.parametrize("nonsense", ["tomorrow", "2026-13-45", "0001-01-01", "9999-12-31", "\x00"])
def test_nonsense_is_as_though_it_had_not_been_typed(nonsense):
    assert days(start=nonsense, end=nonsense) == "2026-11-01 2026-11-24"
    assert days(period=nonsense) == "2026-11-01 2026-11-24"
    as_of = AsOfForm({"on": nonsense, "location": "x"}, today=TUESDAY, places=[])
    assert (as_of.day, as_of.place) == (TUESDAY, None)


def test_an_end_before_its_start_is_said_and_what_was_typed_stays():
    form = asked(start="2026-03-04", end="2026-02-03")
    form.fill()
    assert form.errors["end"] == ["This day is before the first one."]
    assert 'value="2026-02-03"' in str(form["end"])
    assert form.value.start <= form.value.end


def test_the_fields_say_which_days_a_preset_is():
    form = asked(period="last_month")
    form.fill()
    assert 'value="2026-10-01"' in str(form["start"])
    empty = AsOfForm(None, today=TUESDAY, places=[])
    empty.fill()
    assert 'value="2026-11-24"' in str(empty["on"])
