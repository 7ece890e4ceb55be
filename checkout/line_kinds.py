"""The kinds of line, as a registry. Upper floors register theirs when the program starts.

A kind says which account its line credits, who may not pay for it, and what happens when its order
closes or is refunded, so that checkout itself never asks "is this a membership?".
"""

from collections.abc import Sequence

from checkout.errors import Refused
from checkout.models import LineItem
from ledger import accounts
from ledger.kinds import Restriction, Source
from ledger.legs import Leg, Move, Open, Take, Terms
from salon.money import minor


class LineKind:
    """One kind of line. Subclass it; amounts are minor units, without tax."""

    code: str
    label: str
    buys: str | None = None
    """Which restricted credit may pay it: Restriction.SERVICES, .PRODUCTS, or none."""
    refuses: frozenset[str] = frozenset()
    """Codes of the tender kinds that may not pay for it."""
    refund_refuses: frozenset[str] = frozenset()
    """Destinations that a refund of it may not take."""
    smallest: int = 0
    """The least amount of a line: 1 where closing opens a lot, since there is no lot of nothing."""

    def credit_legs(self, line: LineItem) -> list[Leg]:
        """What closing credits for this line."""
        raise NotImplementedError

    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        """What refunding `amount` of it debits: by default, the opposite of closing."""
        raise NotImplementedError

    def refundable(self, line: LineItem) -> int | None:
        """The most that can still go back for a reason of the kind's own; None: no such limit."""
        return None

    def closed(self, line: LineItem, opened: Sequence[int | None]) -> None:
        """The order closed; `opened` are the lots of this line's Open legs."""


class IncomeLine(LineKind):
    """A line that is earned when it is sold."""

    def __init__(self, code: str, label: str, account: str, buys: str | None = None) -> None:
        self.code = code
        self.label = label
        self.account = account
        self.buys = buys

    def credit_legs(self, line: LineItem) -> list[Leg]:
        return [Move(self.account, -minor(line.amount))]

    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        return [Move(self.account, amount)]


class AccountCreditsLine(LineKind):
    """Account credit that somebody buys for a client: a lot opens when the order closes.

    Credit never buys credit, and its refund never goes to the balance (MONEY, "Money goes back").
    """

    code = "account_credit"
    label = "Account Credits"
    refuses = frozenset({"credits", "gift_card"})
    refund_refuses = frozenset({"balance", "credits"})
    smallest = 1

    def credit_legs(self, line: LineItem) -> list[Leg]:
        assert line.beneficiary is not None  # nosec B101 - its verb demands one
        terms = Terms(source=Source.PURCHASE, is_paid=True)
        return [
            Open(
                accounts.credit_of(line.beneficiary),
                minor(line.amount),
                terms,
                settles=accounts.owed_by(line.beneficiary),
            )
        ]

    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        if line.opened_lot is None:
            raise Refused("This credit settled what the client owed; it cannot be refunded.")
        return [Take(line.opened_lot.pk, amount)]

    def refundable(self, line: LineItem) -> int | None:
        return line.opened_lot.remaining if line.opened_lot else 0

    def closed(self, line: LineItem, opened: Sequence[int | None]) -> None:
        LineItem.objects.filter(pk=line.pk).update(opened_lot=opened[0])


KINDS: dict[str, LineKind] = {}


def register(kind: LineKind) -> None:
    """Add a kind of line. Twice the same code is a programming error."""
    if kind.code in KINDS:
        raise ValueError(f"line kind {kind.code} is registered already")
    KINDS[kind.code] = kind


def kind_of(line: LineItem) -> LineKind:
    return KINDS[line.kind]


register(IncomeLine("service", "Service", accounts.income("services"), Restriction.SERVICES))
register(IncomeLine("product", "Product", accounts.income("products"), Restriction.PRODUCTS))
register(IncomeLine("custom", "Custom amount", accounts.income("custom")))
register(AccountCreditsLine())
