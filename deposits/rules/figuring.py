"""What a rule comes to for the services that it covers. Minor units."""

from collections.abc import Sequence

from deposits.models import DepositTerms
from salon.money import minor, percent_of, split

Kind = DepositTerms.Kind


def shares(terms: DepositTerms | None, prices: Sequence[int]) -> list[int]:
    """What is asked for each of these prices: never more than the price.

    A percentage is taken of their sum and rounded half up once; each bears its part of that.
    """
    if terms is None or terms.kind == Kind.NONE:
        return [0] * len(prices)
    if terms.kind == Kind.FULL:
        return list(prices)
    if terms.kind == Kind.AMOUNT:
        assert terms.amount is not None  # nosec B101 - the database demands one
        return [min(minor(terms.amount), price) for price in prices]
    assert terms.percent is not None  # nosec B101 - the same
    total = sum(prices)
    return split(min(percent_of(total, terms.percent), total), prices)
