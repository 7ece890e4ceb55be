"""The kinds of tender, as a registry: where the money goes when taken, and the ways back.

Every kind but Credits moves one house account. Credits draw the client's lots.
"""

from dataclasses import dataclass

from checkout.errors import Refused
from checkout.models import Tender
from ledger import accounts
from salon.desk import Desk

BALANCE = "balance"
"""A way back that is no tender: to the client's balance, as source "refund"."""

CASH = "cash"
CREDITS = "credits"


@dataclass(frozen=True)
class TenderKind:
    code: str
    label: str
    receipt_label: str
    destinations: tuple[str, ...]
    """Ways back, the usual first: codes of tender kinds, or BALANCE."""
    needs_till: bool = False

    def house_account(self, tender: Tender, desk: Desk) -> str:
        """The house account that it debits when taken, and credits when given back here."""
        if self.code == CASH:
            if desk.till is None:
                raise Refused("There is no till at this location to take or give cash.")
            return accounts.cash(desk.till)
        if self.code == "card":
            return accounts.CARD
        if self.code == "custom":
            return accounts.other_tender(f"custom:{tender.custom_id}")
        return accounts.other_tender(self.code)


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


register(TenderKind("cash", "Cash", "Cash", ("cash", BALANCE), needs_till=True))
register(TenderKind("card", "Card", "Card", ("card", BALANCE, CASH)))
register(TenderKind("check", "Check", "Check", ("check", BALANCE, CASH)))
register(TenderKind("custom", "Other", "Other", ("custom", BALANCE, CASH)))
register(TenderKind(CREDITS, "Credits", "Applied Account Debit", (CREDITS,)))
