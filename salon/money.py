"""Money at the boundaries: minor units in, minor units out, and splits that lose nothing."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from djmoney.money import Money
from moneyed import get_currency


def currency() -> str:
    """The business's one currency, as its ISO code."""
    return settings.CURRENCY


def money(minor: int, code: str | None = None) -> Money:
    """Minor units (cents) as Money: 4000 is $40.00."""
    code = code or currency()
    return Money(Decimal(minor) / get_currency(code).sub_unit, code)


def minor(amount: Money) -> int:
    """Money as minor units. ValueError for a fraction of a cent: nothing is rounded here."""
    scaled = amount.amount * amount.currency.sub_unit
    whole = int(scaled)
    if scaled != whole:
        raise ValueError(f"{amount.amount} {amount.currency} is not a whole number of minor units")
    return whole


def percent_of(minor_units: int, percent: Decimal) -> int:
    """A percentage of an amount in minor units, rounded half up."""
    return int((minor_units * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` minor units (>= 0) by `weights` (>= 0), by largest remainder: nothing is lost.

    Ties go to the earlier part. With no weight at all, everything goes to the first part.
    """
    if not weights:
        raise ValueError("nothing to split over")
    whole = sum(weights)
    if whole == 0:
        return [total, *([0] * (len(weights) - 1))]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
