"""What of a client's credit one order may use, and how the desk says so before it is applied."""

import datetime as dt

from djmoney.money import Money

from checkout.allocating import may_buy
from checkout.funds import Fund
from checkout.models import LineItem
from checkout.spending import caps, plan
from checkout.tender_kinds import CREDITS
from ledger.kinds import Restriction
from ledger.lot_words import lot_words
from ledger.models import Lot
from ledger.owing import Owing
from salon import said
from salon.money import minor, money


class CreditHere:
    """The client's credit as one order may use it. No queries.

    `owing`: what they may owe besides, where they may.
    """

    def __init__(
        self,
        lots: list[Lot],
        lines: list[LineItem],
        funds: list[Fund],
        remaining: Money,
        owing: Owing | None = None,
    ) -> None:
        self.lots = lots
        self.owing = owing
        self.limits = caps(lines, funds)
        self.available: Money = money(
            sum(
                lot.remaining
                for lot in lots
                if any(may_buy(CREDITS, lot.restriction, line) for line in lines)
            )
        )
        """Not held for another visit, not expired, not barred from every line (MONEY)."""
        usable = money(sum(part for _, part in plan(lots, self.limits.any, self.limits)))
        room = max(money(0), min(money(self.limits.any), remaining))
        self.own: Money = min(usable, room)
        """What of it the client's own credit can pay now."""
        self.may_owe: Money = min(owing.more, room - self.own) if owing else money(0)
        """What of it they may owe besides."""
        self.most: Money = self.own + self.may_owe
        """The most that one Credits payment can take now."""
        self.room: Money = room
        """The same for who may let the client owe more than the limit."""

    def uses(self, amount: Money) -> list[tuple[Lot, Money]]:
        """What so much would draw, in the order of drawing.

        Less of it draws the same lots from the top, the last one in part.
        """
        return [(lot, money(part)) for lot, part in plan(self.lots, minor(amount), self.limits)]

    def says_what_it_uses(self, today: dt.date) -> str:
        """ "Uses the $15.00 gift that ends on Friday first."; nothing for one plain lot."""
        uses = self.uses(self.own)
        if not uses:
            return ""
        lot, part = uses[0]
        is_plain = not (lot.expires_on or lot.appointment_id or lot.restriction != Restriction.ANY)
        if len(uses) == 1 and is_plain:
            return ""
        first = " first" if len(uses) > 1 else ""
        return f"Uses the {said.amount(part)} {lot_words(lot, today)}{first}."
