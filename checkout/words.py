"""What payments and ways back are called, at the desk and on the receipt."""

from collections import defaultdict

from djmoney.money import Money

from checkout.models import Refund, RefundPart, Tender
from checkout.tender_kinds import BALANCE, CREDITS, KINDS, kind_of
from salon import said
from salon.models import StaffMember
from salon.money import money

_WAYS_BACK = {
    BALANCE: "account balance",
    CREDITS: "account credit",
    "cash": "cash",
    "card": "card",
    "check": "check",
}


def payment(tender: Tender) -> str:
    """Cash, Visa •••• 4242, Check, Applied Account Debit, or the owner's own button."""
    if tender.custom is not None:
        return tender.custom.name
    return kind_of(tender).called(tender)


def reference(tender: Tender) -> str:
    """What ties it to its paper, where its name does not say that already."""
    return "" if tender.reference == payment(tender) else tender.reference


def way_back(tender: Tender, destination: str) -> str:
    """Where money of this payment goes, as the end of "Refund to …"."""
    if destination == "custom" and tender.custom is not None:
        return tender.custom.name
    if destination in KINDS and destination not in _WAYS_BACK:
        return KINDS[destination].way_back(tender)
    return _WAYS_BACK.get(destination, destination)


def going(tender: Tender, destination: str) -> str:
    """In cash, to account credit, to card, by check."""
    joined = {"cash": "in", "check": "by"}.get(destination, "to")
    return f"{joined} {way_back(tender, destination)}"


def part(given_back: RefundPart) -> str:
    """Refund in cash, Refund to account balance; while the sale was open: Taken back in cash."""
    verb = "Taken back" if given_back.refund.before_close else "Refund"
    return f"{verb} {going(given_back.tender, given_back.destination)}"


def told(refund: Refund) -> str:
    """What was done: "Refunded $48.00: $20.00 to account credit, $28.00 in cash." One query."""
    ways: dict[str, Money] = defaultdict(lambda: money(0))
    for given_back in refund.parts.select_related("tender__custom"):
        ways[going(given_back.tender, given_back.destination)] += given_back.amount
    total = said.amount(sum(ways.values(), money(0)))
    verb = "Took back" if refund.before_close else "Refunded"
    if len(ways) == 1:
        return f"{verb} {total} {next(iter(ways))}."
    return f"{verb} {total}: " + ", ".join(f"{said.amount(a)} {w}" for w, a in ways.items()) + "."


def by(person: StaffMember | None) -> str:
    """Who did it: a name, or that nobody at a desk did."""
    return str(person) if person else "online"
