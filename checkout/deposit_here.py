"""The deposit that is held for an order's own visit, as its page shows it."""

from collections.abc import Sequence

from djmoney.money import Money

from checkout.funds import Fund
from checkout.held import usable
from checkout.models import LineItem, Order, Tender
from checkout.tender_kinds import CREDITS
from ledger.models import Lot
from salon.money import minor, money


class DepositHere:
    """What of the held lots the order applies with its next payment, or at Close. No queries.

    `proposes`: it does so by itself. `remaining`: what is left to pay before.
    """

    def __init__(
        self,
        order: Order,
        held: list[Lot],
        lines: Sequence[LineItem],
        funds: Sequence[Fund],
        remaining: Money,
        proposes: bool,
    ) -> None:
        self.lots = held
        self.amount: Money = money(sum(lot.remaining for lot in held))
        """All that is held for this visit."""
        self.could: Money = money(sum(p for _, p in usable(held, lines, funds, minor(remaining))))
        """What of it the order could use now."""
        self.parts = usable(held, lines, funds, minor(remaining)) if proposes else []
        self.proposed: Money = self.could if proposes else money(0)
        """What of it will be applied."""
        self.is_left_out = order.deposit_held_back and bool(held)
        """Somebody took it off this sale; they may put it back."""
        payment = Tender(order=order, kind=CREDITS, amount=self.proposed)
        self.funds: list[Fund] = [Fund(payment, lot, part) for lot, part in self.parts]
        """The payment that it will be, as if it stood."""

    @property
    def used(self) -> dict[int, int]:
        """Minor units that will be drawn, by lot."""
        return {lot.pk: part for lot, part in self.parts}

    @property
    def unused(self) -> Money:
        """What stays held beside what is applied."""
        return self.amount - self.proposed
