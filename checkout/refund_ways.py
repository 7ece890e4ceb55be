"""The ways back of one payment, as the refund page offers them, and where its part goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from djmoney.money import Money

from checkout import words
from checkout.errors import Refused
from checkout.line_kinds import kind_of as line_kind_of
from checkout.models import LineItem, Tender
from checkout.tender_kinds import BALANCE, CASH, CREDITS
from checkout.tender_kinds import kind_of as tender_kind_of
from checkout.ways_back import check_destination, credit_returned, has_expired
from clients.models import Client
from ledger.legs import Open
from ledger.models import Lot
from salon import said
from salon.desk import Desk
from salon.money import minor, money


@dataclass(frozen=True)
class Choice:
    """One way back of a payment. `refused`: why it cannot be chosen here and now."""

    value: str
    label: str
    hint: str
    refused: str = ""


@dataclass(frozen=True)
class Way:
    """What goes back of one payment. `destination` is empty when no way is open."""

    tender: Tender
    amount: Money
    destination: str
    choices: list[Choice]
    sentence: str

    @property
    def name(self) -> str:
        return f"destination_{self.tender.pk}"

    @property
    def label(self) -> str:
        """Cash $28.00."""
        return f"{words.payment(self.tender)} {said.amount(self.amount)}"


@dataclass
class Debt:
    """What the client owes, going down from way to way while an outcome is told."""

    owes: Money

    def take_off(self, amount: Money) -> Money:
        """The part of `amount` that settles it."""
        part = min(amount, self.owes)
        self.owes -= part
        return part


def way_of(
    tender: Tender,
    amount: Money,
    lines: Iterable[LineItem],
    lots: Sequence[tuple[Lot, int]],
    wishes: Mapping[int, str],
    taker: Client | None,
    desk: Desk,
    balances_on: bool,
    debt: Debt,
) -> Way:
    """Where this part of a payment goes: as wished where that way is open, else the first that is.

    `lines` are those that it paid, `lots` what Credits drew and gets back (minor units); what is
    not in them the client owed for it. `debt` goes down by what settles it.
    """
    ways = tender_kind_of(tender).destinations
    choices = [_choice(tender, way, lines, taker, desk, balances_on) for way in ways]
    open_ways = [choice.value for choice in choices if not choice.refused]
    wish = wishes.get(tender.pk, "")
    destination = wish if wish in open_ways else next(iter(open_ways), "")
    sentence = ""
    if destination == CREDITS:
        to_lots = money(sum(part for _, part in lots))
        sentence = _returned(amount - to_lots, to_lots, taker, debt)
    elif destination:
        sentence = _sentence(tender, destination, amount, taker, desk)
    if destination == BALANCE and (settled := debt.take_off(amount)):
        sentence += f" {said.amount(settled)} of it settles what {taker} owes."
    sentence += _after_expiry(lots, amount, desk)
    return Way(tender, amount, destination, choices, sentence)


def _choice(
    tender: Tender,
    way: str,
    lines: Iterable[LineItem],
    taker: Client | None,
    desk: Desk,
    balances_on: bool,
) -> Choice:
    label = words.way_back(tender, way)
    choice = {
        "value": way,
        "label": label[:1].upper() + label[1:],
        "hint": _hint(tender, way, taker, desk),
    }
    if any(way in line_kind_of(line).refund_refuses for line in lines):
        return Choice(**choice, refused="Credit that was bought never goes back to a balance.")
    try:
        check_destination(tender, way, taker, desk, balances_on)
    except Refused as refused:
        # A walk-in's client is chosen here, beside this choice.
        if refused.field != "client":
            return Choice(**choice, refused=refused.message)
    if way == CASH and desk.till is None:
        return Choice(**choice, refused="There is no till at this location.")
    return Choice(**choice)


def _hint(tender: Tender, way: str, taker: Client | None, desk: Desk) -> str:
    if way == BALANCE:
        return f"{taker.name} can spend it at once." if taker else "Choose whose, below."
    if way == CASH:
        return f"From {till_name(desk)}." if desk.till else ""
    if way == "card":
        return "Give it on the card terminal, by hand."
    if way == tender.kind and (when := tender_kind_of(tender).when_back):
        return f"Arrives {when}."
    return ""


def _sentence(tender: Tender, way: str, amount: Money, taker: Client | None, desk: Desk) -> str:
    how_much = said.amount(amount)
    whose = f"{taker.name}’s" if taker else "the chosen client’s"
    if way == BALANCE:
        return f"{how_much} goes to {whose} account balance."
    if way == CASH:
        return f"{how_much} in cash from {till_name(desk)}."
    if way == "card":
        card = f"the card ({tender.reference})" if tender.reference else "the card"
        return f"{how_much} back to {card}: refund it on the card terminal by hand."
    if way == tender.kind and tender_kind_of(tender).draws_lots:
        return f"{how_much} returns to {words.way_back(tender, way)}."
    if way == tender.kind and (when := tender_kind_of(tender).when_back):
        return f"{how_much} back to {words.way_back(tender, way)}, {when}."
    return f"{how_much} back by {words.way_back(tender, way)}."


def _returned(owed: Money, to_lots: Money, taker: Client | None, debt: Debt) -> str:
    """What Credits paid: off the debt, as credit where that is paid off, then to its lots."""
    settled = debt.take_off(owed)
    sentences = []
    if settled:
        sentences.append(f"{said.amount(settled)} comes off what {taker} owes.")
    if paid_off := owed - settled:
        sentences.append(
            f"{said.amount(paid_off)} was owed and is paid off: it becomes account credit."
        )
    if to_lots:
        sentences.append(f"{said.amount(to_lots)} returns to {taker}’s account credit.")
    return " ".join(sentences)


def _after_expiry(lots: Iterable[tuple[Lot, int]], amount: Money, desk: Desk) -> str:
    """Credit that comes back after its expiry gets some days more (owner's setting)."""
    expired = [(lot, part) for lot, part in lots if has_expired(lot, desk.business_date)]
    if not expired:
        return ""
    leg = credit_returned(*expired[0], desk)
    until = leg.terms.expires_on if isinstance(leg, Open) else None
    cents = sum(part for _, part in expired)
    what = "It" if cents == minor(amount) else f"{said.amount(money(cents))} of it"
    last_day = f" until {said.day(until, desk.business_date)}" if until else ""
    return f" {what} had expired and can be spent again{last_day}."


def till_name(desk: Desk) -> str:
    """Front till; a till that is called one already keeps its name."""
    name = str(desk.till or "the till")
    return name if "till" in name.lower() else f"{name} till"
