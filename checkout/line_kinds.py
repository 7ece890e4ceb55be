"""The kinds of line, as a registry. Upper floors register theirs when the program starts.

A kind says which account its line credits, who may not pay for it, and what happens when its order
closes or is refunded, so that checkout itself never asks "is this a membership?".
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from djmoney.money import Money

from checkout.models import LineItem
from ledger import accounts
from ledger.kinds import Restriction
from ledger.legs import Leg, Move
from salon.desk import Desk
from salon.models import MerchantAccount
from salon.money import minor, money


class LineKind(ABC):
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
    sells_credit: bool = False
    """Closing opens a lot of stored value; its refund tells what became of that."""
    kept_as: tuple[str, str] = ("Held for a visit", "Release it first")
    """What is left of that and cannot go back: where it stands, and what to say of it."""
    discountable: bool = False
    """Whether discounts take something off it: yes for what the salon earns, never for money."""
    refunded_by_name_only: bool = False
    """A refund of a payment, or of "everything", leaves it alone: only its own line refunds it."""
    stands_after_tax: bool = False
    """Shown below the tax, not counted into the subtotal: tips."""
    names_staff: bool = False
    """Its description says whose it is already."""
    is_earned_by_staff: bool = False
    """What it brings belongs to a provider with a merchant account of their own: services, tips."""
    names_provider: bool = False
    """Who makes the line says which provider takes the money, if any: deposits."""

    @abstractmethod
    def credit_legs(self, line: LineItem) -> list[Leg]:
        """What closing credits for this line. Its allocations are written already."""

    @abstractmethod
    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        """What refunding `amount` of it debits: the opposite of closing."""

    def refundable(self, line: LineItem) -> int | None:
        """The most that can still go back for a reason of the kind's own; None: no such limit."""
        return None

    def refundable_to_cards(self, line: LineItem) -> int | None:
        """The most of it that may still go back to cards; None: no limit of the kind's own."""
        return None

    def stores(self, line: LineItem) -> int:
        """Of a line that sells credit: what became stored value that was paid for."""
        return minor(line.amount)

    def taken_out(self, line: LineItem, amount: int) -> int:
        """Of a line that sold credit: what of so much going back is taken out of that."""
        return amount

    def cancels(self, line: LineItem) -> int:
        """What any refund of it takes away besides what goes back: what is left of a bonus."""
        return 0

    def kept_back(self, line: LineItem) -> int:
        """What is left of the credit that it sold and cannot go back: see `kept_as`."""
        limit = self.refundable(line)
        if limit is None:
            return 0
        return max(0, sum(lot.remaining for lot in line.lots) - limit)

    def note(self, line: LineItem) -> str:
        """What its receipt says under its name, besides who gave it."""
        return ""

    def stored_in(self, line: LineItem) -> str:
        """What holds the value that it sold, in words: Clara Nuñez’s account credit."""
        return ""

    # Hooks, not duties: most kinds have nothing to do then.
    def hold(self, line: LineItem) -> None:  # noqa: B027
        """The order is about to close: lock what `closed` will, as no account is locked yet."""

    def closed(self, line: LineItem, opened: Sequence[int | None]) -> None:  # noqa: B027
        """The order closed. `opened`: the lots of this line's Open legs; none in a free sale."""

    def refunded(self, line: LineItem, desk: Desk) -> None:  # noqa: B027
        """Some of it went back, in the transaction that is under way; the refund is posted."""


class IncomeLine(LineKind):
    """A line that is earned when it is sold."""

    discountable = True

    def __init__(
        self,
        code: str,
        label: str,
        account: str,
        buys: str | None = None,
        *,
        is_earned_by_staff: bool = False,
    ) -> None:
        self.code = code
        self.label = label
        self.account = account
        self.buys = buys
        self.is_earned_by_staff = is_earned_by_staff

    def credit_legs(self, line: LineItem) -> list[Leg]:
        return [Move(earned_on(line, self.account), -minor(line.amount))]

    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        return [Move(earned_on(line, self.account), amount)]


KINDS: dict[str, LineKind] = {}


def register(kind: LineKind) -> None:
    """Add a kind of line. Twice the same code is a programming error."""
    if kind.code in KINDS:
        raise ValueError(f"line kind {kind.code} is registered already")
    KINDS[kind.code] = kind


def kind_of(line: LineItem) -> LineKind:
    return KINDS[line.kind]


def provider_of(line: LineItem) -> MerchantAccount | None:
    """Who is paid for it when its order closes; None: the house. No queries.

    `line.staff` comes with its merchant account.
    """
    if kind_of(line).names_provider:
        return line.provider
    if not kind_of(line).is_earned_by_staff or line.staff is None:
        return None
    account = line.staff.merchant_account
    return None if account is None or account.is_house or account.is_archived else account


def earned_on(line: LineItem, house: str) -> str:
    """The account that a line of a closing or closed order is earned on: its provider's, or this.

    The line remembers whose it was, so that a refund debits what was credited.
    """
    return accounts.provider(line.provider) if line.provider else house


def stands_after_tax(line: LineItem) -> bool:
    """Whether it is shown below the tax instead of among what makes the subtotal: tips."""
    return kind_of(line).stands_after_tax


def after_tax(lines: Iterable[LineItem]) -> Money:
    """What stands below the tax, and is not in the subtotal."""
    return sum((line.amount for line in lines if stands_after_tax(line)), money(0))


register(
    IncomeLine(
        "service",
        "Service",
        accounts.income("services"),
        Restriction.SERVICES,
        is_earned_by_staff=True,
    )
)
register(IncomeLine("product", "Product", accounts.income("products"), Restriction.PRODUCTS))
register(IncomeLine("custom", "Custom amount", accounts.income("custom")))
