"""What is held for an order's own visit: the lots, and how much of them the order can use."""

from collections.abc import Sequence

from checkout.errors import Refused
from checkout.funds import Fund
from checkout.models import LineItem, Order
from checkout.spending import caps, plan
from ledger import balances
from ledger.legs import Leg, Take
from ledger.models import Lot
from salon import said
from salon.desk import Desk
from salon.money import money


def held_lots(order: Order, desk: Desk) -> list[Lot]:
    """The lots of the order's client that are held for its visit, in the order of drawing.

    One query, two more where the visit and the client are not loaded; none without either. Expired
    ones are not among them.
    """
    if order.appointment is None or order.client is None:
        return []
    lots = balances.spendable(order.client, desk.business_date, order.appointment)
    return list(lots.filter(appointment=order.appointment))


def usable(
    held: list[Lot], lines: Sequence[LineItem], funds: Sequence[Fund], wanted: int
) -> list[tuple[Lot, int]]:
    """How much of each the order can use of at most `wanted`, minor units. No queries."""
    limits = caps(lines, funds)
    return plan(held, max(0, min(limits.any, wanted)), limits)


def held_legs(
    order: Order, amount: int, lines: Sequence[LineItem], funds: Sequence[Fund], desk: Desk
) -> list[Leg]:
    """Takes `amount` out of what is held for the order's visit, and of nothing else. One query.

    Where account credit is switched off, this is all that it can pay: a deposit always pays its own
    visit. Raises Refused for more; LotMoved through the posting.
    """
    parts = usable(held_lots(order, desk), lines, funds, amount)
    most = sum(part for _, part in parts)
    if most < amount:
        only = f" Only the {said.amount(money(most))} held for this visit can be applied."
        raise Refused(
            "Client Account Balances are switched off at this location. Nothing was applied."
            + (only if most else ""),
            field="amount",
        )
    return [Take(lot.pk, part) for lot, part in parts]
