"""What lines cost: discounts, then taxes. Pure arithmetic in minor units, no queries.

Nothing is lost and nothing made up: what a discount takes off, and a tax that prices contain, is
split by largest remainder. For every line

    amount + discount + included taxes = quantity × unit price      total = amount + all its taxes

Discounts on a line come first, in the order in which they were given, each on what the ones before
left. Then those on the whole order, spread over the lines that take discounts in proportion to what
is left of each. None takes more than there is.

A tax on top is so many percent of the amount, rounded half up, rate by rate and line by line.
Included ones are what a price after discounts contains; a tax on top of such a price is charged on
what is left without them.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from salon.money import percent_of, split


@dataclass(frozen=True)
class Rate:
    """One tax: so many percent, on top of the price or contained in it."""

    id: int
    percent: Decimal
    is_included: bool = False


@dataclass(frozen=True)
class Item:
    """A line before discounts and taxes: `price` is quantity × unit price, 0 or above."""

    id: int
    price: int
    takes_discounts: bool = True
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True)
class Cut:
    """A discount, on one line or (no line) on all that take one: percent or minor units."""

    id: Hashable
    line: int | None = None
    percent: Decimal | None = None
    amount: int | None = None


@dataclass(frozen=True)
class Figures:
    """What a line comes to. `taxes` is parallel to the item's rates."""

    discount: int
    amount: int
    taxes: tuple[int, ...]

    @property
    def tax(self) -> int:
        return sum(self.taxes)


@dataclass(frozen=True)
class Priced:
    """An order's figures: of each line, and what each discount takes off."""

    lines: dict[int, Figures]
    taken_off: dict[Hashable, int]


def price(items: Sequence[Item], cuts: Sequence[Cut]) -> Priced:
    """Price an order's lines. `cuts` in the order in which they were given."""
    left = {item.id: item.price for item in items}
    taken_off: dict[Hashable, int] = {}
    for cut in _in_turn(cuts):
        ids = [item.id for item in _by_size(items, left) if _touches(cut, item)]
        parts = split(_takes(cut, sum(left[id] for id in ids)), [left[id] for id in ids] or [0])
        for id, part in zip(ids, parts, strict=False):
            left[id] -= part
        taken_off[cut.id] = sum(parts)
    return Priced({item.id: _figures(item, left[item.id]) for item in items}, taken_off)


def shares_off(items: Sequence[Item], cuts: Sequence[Cut]) -> dict[int, Fraction]:
    """Which part of each line's price discounts take off: 1/10 is 10 %, before any rounding.

    For limits: 10 % of $10.05 are $1.01, and still 10 %.
    """
    left = {item.id: Fraction(item.price) for item in items}
    for cut in _in_turn(cuts):
        ids = [item.id for item in items if _touches(cut, item)]
        whole = sum(left[id] for id in ids)
        if not whole:
            continue
        part = Fraction(cut.percent) / 100 if cut.percent is not None else (cut.amount or 0) / whole
        for id in ids:
            left[id] -= left[id] * min(part, Fraction(1))
    return {
        item.id: 1 - left[item.id] / item.price if item.price else Fraction(0) for item in items
    }


def in_step(so_far: int, parts: Sequence[int]) -> list[int]:
    """`so_far` of the sum of `parts`, part by part, in proportion, all in minor units.

    For what goes back bit by bit: no part ever shrinks as `so_far` grows, none exceeds its own, and
    all of it is all of each. (Plain largest remainder over three parts can take a cent back.)
    """
    shares = []
    rest = list(parts)
    while rest:
        share, so_far = split(so_far, [rest[0], sum(rest[1:])])
        shares.append(share)
        rest = rest[1:]
    return shares


def _in_turn(cuts: Iterable[Cut]) -> list[Cut]:
    return sorted(cuts, key=lambda cut: cut.line is None)


def _touches(cut: Cut, item: Item) -> bool:
    return item.takes_discounts and cut.line in (None, item.id)


def _by_size(items: Sequence[Item], left: dict[int, int]) -> list[Item]:
    """Who gets a cent that is over must not depend on which line was rung up first."""
    return sorted(items, key=lambda item: (-left[item.id], [_essence(r) for r in item.rates]))


def _essence(rate: Rate) -> tuple[Decimal, bool, int]:
    return rate.percent, rate.is_included, rate.id


def _takes(cut: Cut, left: int) -> int:
    if cut.percent is not None:
        return min(left, percent_of(left, cut.percent))
    return min(left, cut.amount or 0)


def _figures(item: Item, left: int) -> Figures:
    """The taxes of what discounts left of a price."""
    included = [rate.percent for rate in item.rates if rate.is_included]
    contained = split(_contained(left, sum(included, Decimal(0))), _weights(included) or [0])
    amount = left - sum(contained)
    taxes = [
        contained.pop(0) if rate.is_included else percent_of(amount, rate.percent)
        for rate in item.rates
    ]
    return Figures(item.price - left, amount, tuple(taxes))


def _contained(left: int, percent: Decimal) -> int:
    """The tax in a price, half up: $120.00 contain $20.00 at 20 %."""
    return int((left * percent / (100 + percent)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _weights(percents: Sequence[Decimal]) -> list[int]:
    """Percentages have three digits after the point at most."""
    return [int(percent * 1000) for percent in percents]
