"""Notes and coins, for counting a drawer piece by piece."""

from typing import NamedTuple

from salon import said
from salon.money import currency, money


class Piece(NamedTuple):
    """A note or a coin. `value` in minor units."""

    value: int
    is_coin: bool

    @property
    def label(self) -> str:
        """$20.00 as people call it: $20; 25¢."""
        if currency() == "USD" and self.value < 100:
            return f"{self.value}¢"
        return said.amount(money(self.value)).removesuffix(".00")


_BY_CURRENCY: dict[str, tuple[list[int], list[int]]] = {
    "USD": ([10000, 5000, 2000, 1000, 500, 200, 100], [100, 50, 25, 10, 5, 1])
}
"""Notes and coins in minor units. A currency that is not here is counted by its total."""


def pieces() -> list[Piece]:
    """What the business's currency is counted in, the dearest first; empty where nobody knows."""
    notes, coins = _BY_CURRENCY.get(currency(), ([], []))
    return [Piece(value, False) for value in notes] + [Piece(value, True) for value in coins]
