"""What the order page offers: kinds of line to add and ways to pay. Two registries.

`line_kinds` and `tender_kinds` say what a kind means in the books; here stands how the desk uses
it: a button, a sheet (or panel) with a form, and the verb behind it. Upper floors register theirs
in AppConfig.ready(), beside the kind itself, and the order page shows it: it names no kind. A
kind without an offer is one that nobody adds by hand.

    line_kinds.register(GiftCardLine())
    offering.offer_line(GiftCardOffer())
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from checkout.errors import Refused
from checkout.forms.base import ActForm
from checkout.line_kinds import KINDS as LINE_KINDS
from checkout.models import Discount, LineItem, Tender
from checkout.presenting import OrderPage
from checkout.tender_kinds import KINDS as TENDER_KINDS
from salon import said


@dataclass(frozen=True)
class Button:
    """What opens an offer on the order page."""

    label: str
    icon: str
    key: str = ""
    """The key that presses it; a second offer with the same key has none."""
    note: str = ""
    """At its right end: "$115.00 available"."""
    query: str = ""
    """Goes behind the offer's address, where one kind has several buttons: custom=3."""
    look: str = ""
    """A class of its own: button-credits."""
    is_disabled: bool = False


class Offer(ABC):
    """One kind's button, form and verb. Stateless; one instance for each kind."""

    kind: ClassVar[str]
    template: ClassVar[str]
    """The sheet or panel around the form: gets `form`, `page`, `offer` and what `shows` gives."""
    form: ClassVar[type[ActForm]]
    position: ClassVar[int] = 0
    """Lower ones come first, at the same position those that were offered first."""

    @abstractmethod
    def buttons(self, page: OrderPage) -> list[Button]:
        """Its buttons on this order; none where it is not offered. No queries."""

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        """What the form starts with; `asked` is the query of the address."""
        return {}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        """What the template needs besides."""
        return {}


class LineOffer(Offer):
    """How the desk adds lines of one kind, and what of them it may change."""

    changes: ClassVar[tuple[str, ...]] = ("quantity", "unit_price", "staff")
    needs_staff: ClassVar[bool] = False
    is_changed_where_added: ClassVar[bool] = False
    """A line's row opens the sheet that added it: one sheet sets all lines of this kind."""

    def notes(self, line: LineItem) -> list[str]:
        """What its row says under its name."""
        staff = [str(line.staff)] if line.staff else []
        return [*staff, *self._count(line)]

    def _count(self, line: LineItem) -> list[str]:
        return [f"{line.quantity} × {said.amount(line.unit_price)}"] if line.quantity > 1 else []

    @abstractmethod
    def add(self, page: OrderPage, form: Any) -> LineItem | list[LineItem]:
        """Call the kind's verb with the parsed form. Raises Refused."""

    def told(self, made: LineItem | list[LineItem]) -> str:
        """What `add` did, for who cannot see it."""
        return "Added."


@dataclass(frozen=True)
class Outcome:
    """What taking a payment came to, where that is not the payment itself."""

    say: str
    address: str = ""
    """The page that the browser goes to now: the processor's."""


class PaymentOffer(Offer):
    """How the desk takes one kind of payment."""

    def is_off(self, page: OrderPage) -> str:
        """Why its panel, when it is open, can take nothing any more; "" while it can.

        Asked every few seconds: one query at most while it can.
        """
        return ""

    @abstractmethod
    def take(self, page: OrderPage, form: Any) -> Tender | Outcome:
        """Call take_tender with the parsed form. Raises Refused. Never in a transaction."""


@dataclass(frozen=True)
class ShownLine:
    """A line as its row reads."""

    line: LineItem
    notes: list[str]
    lacks_staff: bool
    may_change: bool
    discounts: list[Discount]


_lines: dict[str, LineOffer] = {}
_payments: dict[str, PaymentOffer] = {}


def offer_line(offer: LineOffer) -> None:
    """Offer a registered kind of line on the order page, after those already there."""
    if offer.kind not in LINE_KINDS:
        raise ValueError(f"line kind {offer.kind} is not registered")
    _lines[offer.kind] = offer


def offer_payment(offer: PaymentOffer) -> None:
    """Offer a registered kind of tender on the order page, after those already there."""
    if offer.kind not in TENDER_KINDS:
        raise ValueError(f"tender kind {offer.kind} is not registered")
    _payments[offer.kind] = offer


def line_offers() -> list[LineOffer]:
    return sorted(_lines.values(), key=lambda offer: offer.position)


def payment_offers() -> list[PaymentOffer]:
    return sorted(_payments.values(), key=lambda offer: offer.position)


def shown(line: LineItem, discounts: Iterable[Discount]) -> ShownLine:
    """A line of an order, with its own of the order's discounts.

    One that the desk does not add, it does not change either.
    """
    own = [discount for discount in discounts if discount.line_id == line.pk]
    offer = _lines.get(line.kind)
    if offer is None:
        return ShownLine(line, [], lacks_staff=False, may_change=False, discounts=own)
    lacks_staff = offer.needs_staff and line.staff is None
    return ShownLine(line, offer.notes(line), lacks_staff, may_change=True, discounts=own)


def is_line_offered(kind: str) -> bool:
    return kind in _lines


def line_offer(kind: str) -> LineOffer:
    """The offer, or Refused for a kind that no button would name."""
    if kind not in _lines:
        raise Refused("There is nothing of that kind to add. Nothing was added.")
    return _lines[kind]


def payment_offer(kind: str) -> PaymentOffer:
    """The offer, or Refused for a kind that no button would name."""
    if kind not in _payments:
        raise Refused("There is no such way to pay. Nothing was taken.")
    return _payments[kind]
