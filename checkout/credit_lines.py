"""Selling account credit: for any visit (pre-payment), or as the deposit of one visit.

Credit never buys credit, and its refund never goes to the balance (MONEY, "Money goes back"). Until
it is spent it can go back, whatever it became meanwhile: what a refund returned, what was released,
moved or merged stands in children of the lot that the line opened.
"""

from collections.abc import Sequence

from appointments.locking import lock as lock_visit
from checkout.errors import Refused
from checkout.line_kinds import LineKind, register
from checkout.models import LineItem
from checkout.tender_kinds import kind_of as tender_kind_of
from clients.models import Client
from ledger import accounts
from ledger.kinds import Source
from ledger.legs import Leg, Open, Take, Terms
from ledger.models import Lot
from salon.money import minor


class AccountCreditsLine(LineKind):
    """Account credit that somebody buys for a client: a lot opens when the order closes."""

    code = "account_credit"
    label = "Account Credits"
    refuses = frozenset({"credits", "gift_card"})
    refund_refuses = frozenset({"balance", "credits"})
    smallest = 1
    sells_credit = True

    def credit_legs(self, line: LineItem) -> list[Leg]:
        """One query: what of it cards paid."""
        terms = Terms(source=Source.PURCHASE, is_paid=True, card_ceiling=paid_by_card(line))
        return [_opened(line, terms, settles=accounts.owed_by(_beneficiary(line)))]

    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        """Out of what is left, the youngest first. Raises LotMoved when posted too late."""
        if line.opened_lot_id is None:
            raise Refused("This credit settled what the client owed; it cannot be refunded.")
        legs: list[Leg] = []
        for lot in reversed(self.living(line)):
            part = min(amount, lot.remaining)
            amount -= part
            if part:
                legs.append(Take(lot.pk, part))
        if amount:
            raise Refused(
                f"Less of {line.description} is left than a moment ago. Nothing was refunded: "
                "look at what is left and do it again."
            )
        return legs

    def refundable(self, line: LineItem) -> int | None:
        return sum(lot.remaining for lot in self.living(line))

    def refundable_to_cards(self, line: LineItem) -> int | None:
        """No more of any lot than its card ceiling, less what its children took of that.

        Lots that were sold before ceilings were kept have none: what cards paid limits those.
        """
        if not line.lots or not line.lots[0].card_ceiling:
            return None
        return self.left_for_cards(line)

    def left_for_cards(self, line: LineItem) -> int:
        """What is left, of each lot no more than its card ceiling has left."""
        ceilings = _ceilings_left(line.lots)
        return sum(min(lot.remaining, ceilings[lot.pk]) for lot in self.living(line))

    def living(self, line: LineItem) -> list[Lot]:
        """What is left of it, the oldest lot first. What is held for a visit is not taken away."""
        return [lot for lot in _living(line) if lot.appointment_id is None]

    def note(self, line: LineItem) -> str:
        return "Added to the account balance"

    def stored_in(self, line: LineItem) -> str:
        return f"{_beneficiary(line).name}’s account credit"

    def closed(self, line: LineItem, opened: Sequence[int | None]) -> None:
        LineItem.objects.filter(pk=line.pk).update(opened_lot=opened[0])


class DepositLine(AccountCreditsLine):
    """A deposit: held for one visit, or free credit at once where earmarks are off.

    It never settles what the client owes. Where its line names a provider, they hold the money: it
    is handed on to them when the order closes (charges/shares.py). Its line names the tenders that
    may not pay it where deposits are taken by card only.
    """

    code = "deposit"
    label = "Deposit"
    names_provider = True

    def credit_legs(self, line: LineItem) -> list[Leg]:
        """Two queries, with the visit locked: it cannot be canceled meanwhile."""
        if line.appointment is not None:
            visit = lock_visit(line.appointment)
            if not visit.is_open:
                raise Refused(
                    f"The visit of {line.description} is {visit.get_status_display().lower()} "
                    "meanwhile, so nothing can be held for it. The sale stays open: take the "
                    "deposit off it, or add it for another visit."
                )
        terms = Terms(
            source=Source.DEPOSIT,
            is_paid=True,
            visit=line.appointment_id,
            holder=line.provider_id,
            card_ceiling=paid_by_card(line),
        )
        return [_opened(line, terms)]

    def living(self, line: LineItem) -> list[Lot]:
        """What is left of it, also what is held for whichever visit."""
        return _living(line)

    def note(self, line: LineItem) -> str:
        if line.appointment_id is None:
            return "Added to the account balance"
        return "Held for this visit, and taken off its bill"


def _opened(line: LineItem, terms: Terms, settles: str | None = None) -> Open:
    account = accounts.credit_of(_beneficiary(line))
    return Open(account, minor(line.amount), terms, settles=settles)


def _beneficiary(line: LineItem) -> Client:
    assert line.beneficiary is not None  # nosec B101 - its verb demands one
    return line.beneficiary


def _living(line: LineItem) -> list[Lot]:
    within = line.lots if line.within is None else line.within
    return [lot for lot in line.lots if lot.is_open and lot in within]


def paid_by_card(line: LineItem) -> int | None:
    """What cards paid of it, minor units; None for nothing. One query."""
    paid = [
        minor(allocation.amount)
        for allocation in line.allocations.select_related("tender")
        if tender_kind_of(allocation.tender).is_card
    ]
    return sum(paid) or None


def _ceilings_left(lots: Sequence[Lot]) -> dict[int, int]:
    """What of each lot may go to a card: its ceiling, less those of its children that count."""
    left = {lot.pk: lot.card_ceiling for lot in lots}
    for lot in lots:
        if lot.parent_id in left and not vars(lot).get("is_undone"):
            left[lot.parent_id] -= lot.card_ceiling
    return {pk: max(ceiling, 0) for pk, ceiling in left.items()}


def register_credit_lines() -> None:
    """Called once, when the program starts."""
    register(AccountCreditsLine())
    register(DepositLine())
