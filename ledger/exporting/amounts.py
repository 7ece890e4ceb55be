"""Minor units as text: 120050 is 1200.50 in dollars, 120050 in yen, 120.050 in Kuwaiti dinars."""

from functools import lru_cache

from moneyed import get_currency


def digits_of(code: str) -> int:
    """How many decimals a currency has."""
    return len(str(get_currency(code).sub_unit)) - 1


@lru_cache(maxsize=20_000)
def written(minor: int, digits: int) -> str:
    """A point for the decimals, no mark between thousands, a minus before what is negative."""
    if not digits:
        return str(minor)
    text = f"{abs(minor):0{digits + 1}d}"
    return f"{'-' if minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"
