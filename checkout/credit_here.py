"""What of a client's credit one order may use, and how the desk says so before it is applied."""

import datetime as dt

from djmoney.money import Money

from checkout.allocating import may_buy
from checkout.funds import Fund
from checkout.models import LineItem
from checkout.spending import caps, plan
from checkout.tender_kinds import CREDITS
from ledger.kinds import Restriction, Source
from ledger.models import Lot
from salon import said
from salon.money import minor, money


class CreditHere:
    """The client's credit as one order may use it. No queries."""

    def __init__(
        self, lots: list[Lot], lines: list[LineItem], funds: list[Fund], remaining: Money
    ) -> None:
        self.lots = lots
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
        self.most: Money = max(money(0), min(usable, remaining))
        """The most that one Credits payment can take now."""

    def uses(self, amount: Money) -> list[tuple[Lot, Money]]:
        """What so much would draw, in the order of drawing."""
        return [(lot, money(part)) for lot, part in plan(self.lots, minor(amount), self.limits)]

    def says_what_it_uses(self, today: dt.date) -> str:
        """ "Uses the $15.00 gift that ends on Friday first."; nothing for one plain lot."""
        uses = self.uses(self.most)
        if not uses:
            return ""
        lot, part = uses[0]
        is_plain = not (lot.expires_on or lot.appointment_id or lot.restriction != Restriction.ANY)
        if len(uses) == 1 and is_plain:
            return ""
        first = " first" if len(uses) > 1 else ""
        return f"Uses the {said.amount(part)} {lot_words(lot, today)}{first}."


def lot_words(lot: Lot, today: dt.date) -> str:
    """A lot in a sentence: "gift that ends on Friday", "deposit for this visit"."""
    said_so = source_words(lot)
    if lot.appointment_id:
        return f"{said_so} for this visit"
    if lot.restriction != Restriction.ANY:
        said_so += f" for {lot.restriction}"
    return f"{said_so} that ends {_when(lot.expires_on, today)}" if lot.expires_on else said_so


def source_words(lot: Lot) -> str:
    """How it came in, in a sentence: gift, purchase, deposit."""
    return "gift" if lot.source == Source.GOODWILL else Source(lot.source).label.lower()


def _when(day: dt.date, today: dt.date) -> str:
    if day == today:
        return "today"
    return f"on {day:%A}" if (day - today).days < 7 else f"on {said.day(day, today)}"
