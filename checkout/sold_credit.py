"""What became of credit that a sale sold, for its refund: what is spent, on what, what is left.

"$25.00 of $100.00 was spent on sale #1042; $75.00 can go back to the card."
"""

from collections import defaultdict
from dataclasses import dataclass

from djmoney.money import Money

from checkout import words
from checkout.line_kinds import kind_of as line_kind_of
from checkout.models import LineItem, Tender
from checkout.refundable import Refundable
from checkout.spent_on import Use
from checkout.tender_kinds import kind_of
from salon import said
from salon.money import minor, money


@dataclass(frozen=True)
class SoldCredit:
    """A line that sold credit, and where that is now. `ways`: how what is left goes back."""

    bought: Money
    """With tax, as `refunded` and `left` are."""
    tax: Money
    uses: list[Use]
    settled: Money
    """What of it paid off what the client owed, at once."""
    refunded: Money
    held: Money
    """Set aside for a visit since: it has to be released before it can go back."""
    held_as: tuple[str, str]
    """What that is called, and what is to be said of it."""
    canceled: Money
    """Of a bonus that came with it: what is left, which any refund takes away."""
    left: Money
    ways: list[tuple[Money, str]]

    @property
    def spent(self) -> Money:
        return sum((use.amount for use in self.uses), money(0))

    @property
    def tax_on_that(self) -> Money:
        """Where its line was taxed: what of that stays with what is gone."""
        if not self.tax:
            return self.tax
        gone = self.spent + self.settled + self.refunded + self.held
        return self.bought - gone - self.left

    @property
    def sentence(self) -> str:
        """All of it, in one."""
        gone = f"{said.amount(self.spent)} of {said.amount(self.bought)} {_where(self.uses)}; "
        if not self.uses:
            gone = ""
        if not self.left:
            nothing = "nothing can go back." if gone else "Nothing of it can go back."
            return gone + nothing
        ways = " and ".join(f"{said.amount(amount)} can go back {way}" for amount, way in self.ways)
        bonus = f" Its bonus of {said.amount(self.canceled)} is canceled first."
        return f"{gone}{ways}.{bonus if self.canceled else ''}"


def sold_credit(line: LineItem, refundable: Refundable, uses: list[Use]) -> SoldCredit | None:
    """The story of one line of a closed sale; None for one that sold no credit. No queries.

    `uses`: where its credit has gone (spent_on).
    """
    own = refundable.lines.get(line.pk)
    if own is None or not line_kind_of(own).sells_credit:
        return None
    opened = own.opened_lot.amount if own.opened_lot else 0
    kind = line_kind_of(own)
    left = refundable.of_line(line)
    return SoldCredit(
        bought=line.total,
        tax=line.tax,
        uses=uses,
        settled=money(kind.stores(own) - opened),
        refunded=money(refundable.refunded_gross[line.pk]),
        held=money(kind.kept_back(own)),
        held_as=kind.kept_as,
        canceled=money(kind.cancels(own)),
        left=left,
        ways=_ways(refundable, line, left),
    )


def _ways(refundable: Refundable, line: LineItem, left: Money) -> list[tuple[Money, str]]:
    """How much goes back which way, when all that is left does."""
    by_tender: dict[Tender, int] = defaultdict(int)
    for portion in refundable.portions_of_line(line, minor(left)) if left else []:
        by_tender[portion.allocation.tender] += portion.amount
    return [(money(amount), _way(tender)) for tender, amount in by_tender.items()]


def _way(tender: Tender) -> str:
    """To the card (Visa 4242), in cash."""
    way = words.going(tender, kind_of(tender).destinations[0])
    way = way.replace("to card", "to the card")
    reference = words.reference(tender)
    return f"{way} ({reference})" if reference else way


def _where(uses: list[Use]) -> str:
    """Was spent on sale #1042; on 3 sales; or is gone in another way."""
    sales = {use.order.number for use in uses if use.order}
    if any(use.order is None for use in uses):
        return "is gone"
    if len(sales) == 1:
        return f"was spent on sale #{sales.pop()}"
    return f"was spent on {len(sales)} sales"
