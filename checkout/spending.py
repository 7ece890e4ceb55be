"""How much account credit an order may draw: caps by what is on it, and what the client has."""

from collections.abc import Sequence
from dataclasses import dataclass

from djmoney.money import Money

from checkout.allocating import may_buy
from checkout.funds import Fund
from checkout.models import LineItem, Order
from checkout.tender_kinds import CREDITS
from ledger import balances
from ledger.kinds import Restriction
from ledger.models import Lot
from salon.desk import Desk
from salon.money import minor, money


@dataclass(frozen=True)
class Caps:
    """Minor units of credit that the order still takes: in all, and out of restricted lots."""

    any: int
    services: int
    products: int

    def of(self, restriction: str) -> int:
        return {Restriction.SERVICES: self.services, Restriction.PRODUCTS: self.products}.get(
            Restriction(restriction), self.any
        )


def caps(lines: Sequence[LineItem], funds: Sequence[Fund]) -> Caps:
    """What credit may still pay, by restriction. No queries."""
    credit = [fund for fund in funds if fund.tender.kind == CREDITS]

    def room(restriction: str) -> int:
        lines_total = sum(
            minor(line.total) for line in lines if may_buy(CREDITS, restriction, line)
        )
        drawn = sum(
            fund.amount
            for fund in credit
            if restriction == Restriction.ANY or fund.restriction == restriction
        )
        return max(0, lines_total - drawn)

    return Caps(room(Restriction.ANY), room(Restriction.SERVICES), room(Restriction.PRODUCTS))


def plan(lots: list[Lot], wanted: int, limits: Caps) -> list[tuple[Lot, int]]:
    """Which lots `wanted` would draw, in the order given: what the desk sees before applying."""
    left = {Restriction.SERVICES: limits.services, Restriction.PRODUCTS: limits.products}
    drawn: list[tuple[Lot, int]] = []
    for lot in lots:
        restriction = Restriction(lot.restriction)
        part = min(wanted, lot.remaining, left.get(restriction, wanted))
        if part <= 0:
            continue
        if restriction in left:
            left[restriction] -= part
        wanted -= part
        drawn.append((lot, part))
    return drawn


def available_for(order: Order, desk: Desk, lines: list[LineItem], funds: list[Fund]) -> Money:
    """What the client could spend on this very order. At most two queries; zero for a walk-in."""
    if order.client is None:
        return money(0)
    lots = list(balances.spendable(order.client, desk.business_date, order.appointment))
    limits = caps(lines, funds)
    return money(sum(part for _, part in plan(lots, limits.any, limits)))
