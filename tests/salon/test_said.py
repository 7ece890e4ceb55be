"""Amounts and times in the words of the desk."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import timezone

from salon import said
from salon.templatetags.salon import keeps_card_whole
from tests.factories import dollars

NEW_YORK = timezone.zoneinfo.ZoneInfo("America/New_York")
NOON = dt.datetime(2026, 11, 24, 17, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def in_new_york():
    with timezone.override(NEW_YORK):
        yield


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("40", "$40.00 credit"),
        ("-12", "owes $12.00"),
        ("0", "$0.00"),
        ("1200.5", "$1,200.50 credit"),
    ],
)
def test_a_balance_never_has_a_bare_sign(amount, words):
    assert said.balance(dollars(amount)) == words


def test_an_amount_below_zero_has_a_real_minus():
    assert said.amount(dollars("-5")) == "−$5.00"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON, "Tue 12:00 pm"),
        (NOON + dt.timedelta(hours=3, minutes=15), "Tue 3:15 pm"),
        (NOON + dt.timedelta(hours=12), "Wed 12:00 am"),
        (NOON + dt.timedelta(days=6), "Mon 12:00 pm"),
        (NOON + dt.timedelta(days=7), "Tue, Dec 1, 12:00 pm"),
        (NOON - dt.timedelta(days=30), "Sun, Oct 25, 1:00 pm"),
        (NOON + dt.timedelta(days=60), "Sat, Jan 23, 2027, 12:00 pm"),
    ],
)
def test_times_are_said_as_a_salon_says_them(moment, words):
    assert said.moment(moment, NOON) == words


def test_templates_need_nothing_loaded():
    page = Template(
        "{{ a|money }} {{ b|credit }} {{ b|credit_kind }} {{ b|positive|money }} {{ t|clock_time }}"
        "{{ n|money }}{{ n|salon_day }}{{ n|salon_time }}"
    )
    context = Context({"a": dollars(85), "b": dollars(-12), "t": NOON, "n": None})
    assert page.render(context) == "$85.00 owes $12.00 owes $12.00 12:00 pm"


def test_a_day_names_its_year_only_when_it_is_another():
    today = dt.date(2026, 11, 24)
    assert said.day(dt.date(2026, 11, 3), today) == "Tue, Nov 3"
    assert said.day(dt.date(2025, 11, 3), today) == "Mon, Nov 3, 2025"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Maya"], "Maya"),
        (["Maya", "Theo"], "Maya and Theo"),
        (["Maya", "Theo", "Priya"], "Maya, Theo and Priya"),
    ],
)
def test_names_are_listed(names, words):
    assert said.listed(names) == words
    assert said.listed(name for name in names) == words


def test_a_card_in_a_sentence_is_never_broken_before_its_digits():
    said = keeps_card_whole("$15.00 on Mon, Nov 23 to Visa •••• 4242")
    assert said == "$15.00 on Mon, Nov 23 to Visa\N{NO-BREAK SPACE}••••\N{NO-BREAK SPACE}4242"
