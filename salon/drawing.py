"""Figures over time, drawn by the server: points for an SVG of 100 by 100, and its scale.

    plot = drawn([120000, 135000, 150000])      # any whole numbers from 0 on
    plot.line, plot.area                        # for components/chart.html
    plot.ticks                                  # where the scale is labelled: (value, y)

The picture is stretched to its place; labels are text beside it (docs/design.md), so that they keep
their size on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))


@dataclass(frozen=True)
class Tick:
    """A label of the scale. `y`: from the top, in percent."""

    value: int
    y: float


@dataclass(frozen=True)
class Plot:
    """One series. `top` is the value at the upper edge."""

    values: tuple[int, ...]
    top: int

    @property
    def line(self) -> str:
        """Points of a polyline: "0,40 50,35 100,20"."""
        return " ".join(f"{x:g},{y:g}" for x, y in self._points)

    @property
    def area(self) -> str:
        """The same as a path that is closed along the lower edge."""
        return f"M0,100 L{' '.join(f'{x:g},{y:g}' for x, y in self._points)} L100,100 Z"

    @property
    def ticks(self) -> list[Tick]:
        """The scale at its top, its middle and nothing."""
        return [Tick(self.top, 0), Tick(self.top // 2, 50), Tick(0, 100)]

    @property
    def _points(self) -> list[tuple[float, float]]:
        across = max(len(self.values) - 1, 1)
        shown = self.values if len(self.values) > 1 else self.values * 2
        return [
            (round(100 * i / across, 2), round(100 - 100 * value / self.top, 2))
            for i, value in enumerate(shown)
        ]


def drawn(values: Sequence[int], least_top: int = 2) -> Plot:
    """A series to draw; its scale ends at a round value at or above the highest, and is even."""
    return Plot(tuple(values), rounded_up(max([least_top, *values])))


def rounded_up(value: int) -> int:
    """The next round number at or above a positive one: 1, 2, 2.5, 5 by tens, in whole halves."""
    power = 10 ** (len(str(value)) - 1)
    for step in _STEPS:
        top = step * power
        if top >= value and top.denominator == 1 and top % 2 == 0:
            return int(top)
    return power * 10 + power * 10 % 2
