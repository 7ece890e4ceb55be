"""How much account credit an order may draw: caps by what is on it, and what the client has."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.allocating import may_buy
from checkout.funds import Fund
from checkout.models import LineItem
from checkout.tender_kinds import CREDITS
from ledger.kinds import Restriction
from ledger.models import Lot
from salon.money import minor


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
    return Caps(
        *(
            room_for(CREDITS, restriction, lines, funds)
            for restriction in (Restriction.ANY, Restriction.SERVICES, Restriction.PRODUCTS)
        )
    )


def room_for(
    tender_kind: str, restriction: str, lines: Sequence[LineItem], funds: Sequence[Fund]
) -> int:
    """Minor units that such a payment may still take, beside all that stands here. No queries.

    A set of lines takes no more than it costs, out of all the money that may pay for nothing else.
    Of two kinds of money one may buy all that the other may, or they share no line (allocating), so
    the sets that count are those that hold all that this payment may buy.
    """
    mine = _buys(tender_kind, restriction, lines)
    sets = [(_buys(fund.tender.kind, fund.restriction, lines), fund.amount) for fund in funds]
    wider = {mine, *(bought for bought, _ in sets if bought >= mine)}
    left = [
        sum(minor(line.total) for line in lines if line in held)
        - sum(amount for bought, amount in sets if bought <= held)
        for held in wider
    ]
    return max(0, min(left))


def _buys(tender_kind: str, restriction: str, lines: Sequence[LineItem]) -> frozenset[LineItem]:
    return frozenset(line for line in lines if may_buy(tender_kind, restriction, line))


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
