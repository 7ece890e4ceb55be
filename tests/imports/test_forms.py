"""The control total, which may be below zero."""

import pytest
from django.core.exceptions import ValidationError

from imports.forms import ControlTotal
from tests.factories import dollars


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("18,240.00", "18240.00"),
        ("$18,240", "18240"),
        ("-12.5", "-12.5"),
        ("−$12.50", "-12.5"),
        ("- 12.50", "-12.5"),
        ("0", "0"),
        ("250000000.00", "250000000"),
    ],
)
def test_a_total_is_read_as_people_write_it(typed, means):
    assert ControlTotal().clean(typed) == dollars(means)


@pytest.mark.parametrize("typed", ["", "--5", "twelve", "1.005", "-", "9" * 20, "1e5"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        ControlTotal().clean(typed)
