"""What is charged and what it adds: copied from who offers it to who agrees to it, and parted."""

from dataclasses import dataclass

from memberships.models import Terms


def copy_terms(source: Terms, target: Terms) -> None:
    """Give `target` the price, what it adds, and how that may be used. Saving is the caller's."""
    target.every = source.every
    target.price = source.price
    target.adds = source.adds
    target.tax_rate = source.tax_rate
    target.buys = source.buys
    target.lasts_days = source.lasts_days
    target.stays = source.stays


@dataclass(frozen=True)
class Shares:
    """One period's money, minor units: what opens the two lots, and what is earned at once."""

    paid: int
    bonus: int
    earned: int


def shares_of(net: int, adds: int) -> Shares:
    """What a price of `net` (without any tax) that adds `adds` comes to; both minor units."""
    paid = min(adds, net)
    return Shares(paid=paid, bonus=adds - paid, earned=net - paid)
