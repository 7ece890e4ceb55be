"""The owner's tip shortcuts: one to five percents."""

from decimal import Decimal

import pytest

from salon import tip_shortcuts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("18, 20, 25", "18, 20, 25"),
        ("18,20 ,  25%", "18, 20, 25"),
        ("12.50", "12.5"),
        ("0, 100", "0, 100"),
        ("10, 15, 18, 20, 25,", "10, 15, 18, 20, 25"),
    ],
)
def test_percents_are_kept_in_one_way_of_writing(typed, kept):
    assert tip_shortcuts.written(tip_shortcuts.parse(typed)) == kept


def test_percents_are_exact():
    assert tip_shortcuts.parse("12.5, 20") == [Decimal("12.5"), Decimal(20)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Enter 1 to 5 percents"),
        (" , ", "Enter 1 to 5 percents"),
        ("1, 2, 3, 4, 5, 6", "Enter 1 to 5 percents"),
        ("101", "“101” is not a percent from 0 to 100"),
        ("-5", "“-5” is not a percent"),
        ("18; 20", "“18; 20” is not a percent"),
        ("a lot", "“a lot” is not a percent"),
        ("1e2", "“1e2” is not a percent"),
        ("12.345", "“12.345” is not a percent"),
        ("18, 18.0", "Enter each percent once"),
    ],
)
def test_anything_else_is_refused_with_an_example(typed, told):
    with pytest.raises(ValueError, match=told) as refused:
        tip_shortcuts.parse(typed)
    assert "18, 20, 25" in str(refused.value)
