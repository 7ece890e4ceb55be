"""The kinds of tender, as a registry: where the money goes when taken, and the ways back.

Most kinds move one house account. Kinds that draw lots (`draws_lots`: Credits, gift cards) say what
they draw and how it comes back; upper floors register theirs when the program starts. Checkout asks
the kind and never its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.errors import Refused
from checkout.models import LineItem, Order, Refund, Tender
from checkout.tills.cash import drawer
from clients.models import Client
from clients.standing import hold
from ledger import accounts
from ledger.errors import NotEnoughCredit
from ledger.kinds import Source
from ledger.legs import Leg, Move, Open, Terms
from ledger.models import Lot
from salon.desk import Desk
from salon.money import minor, money

BALANCE = "balance"
"""A way back that is no tender: to the client's balance, as source "refund"."""

CASH = "cash"
CARD = "card"
CREDITS = "credits"
CHARGE = "charge"
"""A card, charged through the connected processor (checkout/charges)."""


@dataclass(frozen=True)
class Taking:
    """What a kind may ask about while its payment is taken: the locked order and what is on it."""

    order: Order
    lines: Sequence[LineItem]
    tenders: Sequence[Tender]
    desk: Desk
    held: Sequence[tuple[Lot, int]] | None = None
    """So much (minor units) of the lots held for the order's own visit, and of nothing else; None:
    its kind finds what to draw."""


@dataclass(frozen=True)
class Back:
    """So much of a tender going back. `parts`: by lot drawn, None for what came out of no lot."""

    tender: Tender
    destination: str
    parts: Sequence[tuple[Lot | None, int]]
    client: Client | None
    desk: Desk

    @property
    def amount(self) -> int:
        """Minor units."""
        return sum(part for _, part in self.parts)


class TenderKind:
    """One kind of payment. The plain one moves a house account; subclass it for another."""

    draws_lots = False
    when_back = ""
    """When what goes back by its own way arrives, where that is not at once: "in a few days"."""

    def __init__(
        self,
        code: str,
        label: str,
        receipt_label: str,
        destinations: tuple[str, ...],
        *,
        is_card: bool = False,
    ) -> None:
        """`destinations`: ways back, the usual first: codes of tender kinds, or BALANCE.

        `is_card`: taken from a card, so that a deposit may be paid with it.
        """
        self.code = code
        self.label = label
        self.receipt_label = receipt_label
        self.destinations = destinations
        self.is_card = is_card

    def called(self, tender: Tender) -> str:
        """What a payment of this kind is called, at the desk and on paper."""
        return self.receipt_label

    def way_back(self, tender: Tender) -> str:
        """What it is called as a way back, at the end of "Refund to …": gift card •••• 7K2M."""
        return self.label.lower()

    def check(self, tender: Tender) -> None:
        """Refuse a payment whose own fields are not right, before anything is posted."""

    # A hook, not a duty.
    def hold(self, tender: Tender) -> None:
        """Lock what it pays from, before the client or an account is; `tender` is not saved yet."""

    def debit_legs(self, tender: Tender, taking: Taking) -> list[Leg]:
        """What taking it debits. May set fields of the tender that only the kind knows."""
        return [Move(self.house_account(tender, taking.desk), minor(tender.amount))]

    def posted(self, tender: Tender, taking: Taking, entry_id: int) -> None:
        """Its entry is written, its row is not: set what only the entry knows."""

    def not_enough(self, tender: Tender, desk: Desk, short: NotEnoughCredit) -> Refused:
        """Why nothing was taken where a kind that draws lots found too little in them."""
        available = money(short.figures["available"])
        return Refused(f"Only {available} is available. Nothing was applied.", field="amount")

    def taken_back_legs(self, back: Back) -> list[Leg]:
        """What giving it back from an open order credits."""
        return [_money_back(back)]

    def refund_legs(self, back: Back) -> list[Leg]:
        """What giving it back from a closed sale credits."""
        return [_money_back(back)]

    def house_account(self, tender: Tender, desk: Desk) -> str:
        """The house account that it debits when taken, and credits when given back here."""
        return accounts.other_tender(self.code)

    # A hook, not a duty.
    def given_back(self, back: Back, refund: Refund) -> None:
        """Its part of the refund is written: what must follow outside of the books.

        In the transaction that posted it, by whichever way it goes back. It may refuse (Refused);
        then nothing goes back.
        """


class CashKind(TenderKind):
    def house_account(self, tender: Tender, desk: Desk) -> str:
        return drawer(desk)


class CardKind(TenderKind):
    """On a terminal that is not connected: charged there, recorded here."""

    def house_account(self, tender: Tender, desk: Desk) -> str:
        return accounts.CARD


class CustomKind(TenderKind):
    """One of the owner's own payment buttons."""

    def check(self, tender: Tender) -> None:
        if tender.custom is None or tender.custom.is_archived:
            raise Refused("Choose one of the payment buttons.", field="custom")

    def house_account(self, tender: Tender, desk: Desk) -> str:
        return accounts.other_tender(f"custom:{tender.custom_id}")


KINDS: dict[str, TenderKind] = {}


def register(kind: TenderKind) -> None:
    """Add a kind of tender. Twice the same code is a programming error."""
    if kind.code in KINDS:
        raise ValueError(f"tender kind {kind.code} is registered already")
    KINDS[kind.code] = kind


def kind_named(code: str) -> TenderKind:
    """The kind, or Refused for a code that no form would send."""
    try:
        return KINDS[code]
    except KeyError:
        raise Refused("Choose how to pay.", field="kind") from None


def kind_of(tender: Tender) -> TenderKind:
    return KINDS[tender.kind]


def _money_back(back: Back) -> Leg:
    if back.destination != BALANCE:
        account = KINDS[back.destination].house_account(back.tender, back.desk)
        return Move(account, -back.amount)
    return to_balance(back)


def to_balance(back: Back) -> Leg:
    """Into the client's balance, settling what they owe first; a card's ceiling goes with it."""
    if back.client is None:
        raise Refused("Choose the client whose balance takes the refund.", field="client")
    by_card = kind_of(back.tender).is_card
    return into_balance(back.client, back.amount, back.amount if by_card else None)


def into_balance(client: Client, amount: int, card_ceiling: int | None = None) -> Leg:
    """Off what the client owes now, the rest is credit of theirs. Holds who stands for the client.

    Minor units. One query, two where the client was merged.
    """
    taker = hold(client)
    terms = Terms(source=Source.REFUND, is_paid=True, card_ceiling=card_ceiling)
    return Open(accounts.credit_of(taker), amount, terms, settles=accounts.owed_by(taker))


register(CashKind(CASH, "Cash", "Cash", (CASH, BALANCE)))
register(CardKind(CARD, "Card", "Card", (CARD, BALANCE, CASH), is_card=True))
register(TenderKind("check", "Check", "Check", ("check", BALANCE, CASH)))
register(CustomKind("custom", "Other", "Other", ("custom", BALANCE, CASH)))
