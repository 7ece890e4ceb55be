"""Amounts as people type them."""

import pytest

from salon.forms import MoneyInput
from tests.factories import dollars


def typed(text, **limits):
    return MoneyInput(**limits).clean(text)


def refused(text, **limits):
    with pytest.raises(Exception) as caught:
        typed(text, **limits)
    return caught.value.messages[0]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("40", "40"),
        ("40.", "40"),
        ("40.5", "40.50"),
        ("40.00", "40"),
        ("40.500", "40.50"),
        ("$40.00", "40"),
        ("$ 40", "40"),
        (" 40 ", "40"),
        ("1,200.50", "1200.50"),
        ("$1,000,000", "1000000"),
        (".50", "0.50"),
        ("0.01", "0.01"),
        ("007", "7"),
        (40, "40"),
    ],
)
def test_amounts_are_read_as_people_write_them(text, amount):
    assert typed(text) == dollars(amount)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Enter an amount."),
        ("   ", "Enter an amount."),
        (None, "Enter an amount."),
        ("0", "Enter an amount above zero."),
        ("0.00", "Enter an amount above zero."),
        ("-5", "Enter the amount without a minus sign."),
        ("−5", "Enter the amount without a minus sign."),
        ("(5)", "Enter the amount without a minus sign."),
        ("-0", "Enter the amount without a minus sign."),
        ("1.234", "Enter at most 2 digits after the point."),
        ("0.001", "Enter at most 2 digits after the point."),
        ("1000000.01", "Enter at most $1,000,000.00."),
        ("9" * 29, "Enter at most $1,000,000.00."),
        ("9" * 3000, "Enter an amount like 40 or 40.00."),
        ("forty", "Enter an amount like 40 or 40.00."),
        ("4o", "Enter an amount like 40 or 40.00."),
        ("1,20", "Enter an amount like 40 or 40.00."),
        ("1.200,50", "Enter an amount like 40 or 40.00."),
        ("1 200", "Enter an amount like 40 or 40.00."),
        ("1e5", "Enter an amount like 40 or 40.00."),
        ("NaN", "Enter an amount like 40 or 40.00."),
        ("Infinity", "Enter an amount like 40 or 40.00."),
        ("٤٠", "Enter an amount like 40 or 40.00."),
        ("40 EUR", "Enter an amount like 40 or 40.00."),
        ("$", "Enter an amount like 40 or 40.00."),
        (".", "Enter an amount like 40 or 40.00."),
        ("$-5", "Enter an amount like 40 or 40.00."),
        ("4\x000", "Enter an amount like 40 or 40.00."),
        ("1__0", "Enter an amount like 40 or 40.00."),
    ],
)
def test_what_is_no_amount_is_said(text, said):
    assert refused(text) == said


def test_there_may_be_a_limit_of_its_own():
    assert typed("50", most=dollars(50)) == dollars(50)
    assert refused("50.01", most=dollars(50)) == "Enter at most $50.00."


def test_a_price_may_be_zero():
    assert typed("0", allow_zero=True) == dollars(0)
    assert refused("-1", allow_zero=True)


def test_an_optional_amount_may_be_left_out():
    assert typed("", required=False) is None


def test_the_box_shows_an_amount_as_one_would_type_it():
    assert MoneyInput().widget.format_value(dollars("1200.5")) == "1200.50"
    assert MoneyInput().widget.format_value("what was typed") == "what was typed"
    assert MoneyInput().currency_sign == "$"


def test_a_currency_without_cents_takes_no_point(settings):
    settings.CURRENCY = "JPY"
    assert str(typed("¥1,200").amount) == "1200"
    assert refused("12.5") == "Enter a whole amount, without a point."
