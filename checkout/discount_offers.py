"""What the discount sheet offers: the owner's discounts, each with what it would take off now."""

from dataclasses import dataclass

from djmoney.money import Money

from checkout.discounting import new_discount, touched, weigh
from checkout.errors import Refused
from checkout.models import LineItem, Order, PresetDiscount
from checkout.repricing import OrderPrices
from salon.desk import Desk
from salon.money import money


@dataclass(frozen=True)
class Offered:
    """One button. `refused`: why it cannot be pressed here, for this person."""

    preset: PresetDiscount
    takes: Money
    refused: str = ""


class DiscountsHere:
    """What can be taken off a line, or the whole order, and how. Reading only: four queries."""

    def __init__(self, order: Order, line: LineItem | None, desk: Desk) -> None:
        prices = OrderPrices(order)
        self.left: Money = sum(
            (line.price - line.discount for line in touched(prices, line.pk if line else None)),
            money(0),
        )
        self.presets = [
            _offered(preset, order, line, prices, desk)
            for preset in PresetDiscount.objects.active()
        ]


def _offered(
    preset: PresetDiscount, order: Order, line: LineItem | None, prices: OrderPrices, desk: Desk
) -> Offered:
    discount = new_discount(order=order, line=line, preset=preset, desk=desk)
    given = list(prices.discounts)
    try:
        weigh(discount, prices, desk)
    except Refused as refusal:
        return Offered(preset, money(0), refusal.message)
    finally:
        prices.discounts = given
    return Offered(preset, discount.taken_off)
