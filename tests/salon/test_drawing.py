"""Figures over time as points, with a scale that people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.drawing import drawn, rounded_up


@pytest.mark.parametrize(
    ("value", "top"),
    [(1, 2), (2, 2), (3, 10), (9, 10), (11, 20), (21, 50), (99, 100), (101, 200), (240, 250)],
)
def test_a_scale_ends_at_the_next_round_number_that_has_a_middle(value, top):
    assert rounded_up(value) == top


@given(st.integers(1, 10**12))
def test_no_value_is_above_the_scale_nor_far_below_it(value):
    top = rounded_up(value)
    assert value <= top <= max(10, 5 * value)
    assert top % 2 == 0


def test_nothing_stands_at_the_bottom_and_the_top_at_the_upper_edge():
    plot = drawn([0, 500, 1000])
    assert plot.line == "0,100 50,50 100,0"
    assert plot.area == "M0,100 L0,100 50,50 100,0 L100,100 Z"
    assert [(tick.value, tick.y) for tick in plot.ticks] == [(1000, 0), (500, 50), (0, 100)]


def test_one_value_is_a_level_line_and_nothing_but_zeros_lies_at_the_bottom():
    assert drawn([2]).line == "0,0 100,0"
    assert drawn([0, 0]).line == "0,100 100,100"
