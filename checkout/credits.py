"""Paying with account credit: what it draws, and how it comes back (MONEY, Spending)."""

from checkout.errors import Refused
from checkout.funds import drawn_by, standing_funds
from checkout.models import Tender
from checkout.spending import caps
from checkout.tender_kinds import CREDITS, Back, Taking, TenderKind, register
from checkout.ways_back import credit_restored, credit_returned, last_drawn_first
from ledger import accounts
from ledger.legs import Draw, Leg
from salon.money import minor, money
from salon.toggles import balances_enabled


class CreditsKind(TenderKind):
    """The client's own lots, in the order of drawing. What they paid returns as credit only."""

    draws_lots = True

    def debit_legs(self, tender: Tender, taking: Taking) -> list[Leg]:
        """Raises NotEnoughCredit through the posting when less is available."""
        order, amount = taking.order, minor(tender.amount)
        if order.client is None:
            raise Refused("Choose the client whose credit pays.", field="client")
        if not balances_enabled(taking.desk.location):
            raise Refused("Client Account Balances are switched off at this location.")
        limits = caps(taking.lines, standing_funds(order, taking.tenders))
        if amount > limits.any:
            raise Refused(
                f"Account credit can pay at most {money(limits.any)} of what is on this sale.",
                field="amount",
            )
        return [
            Draw(
                accounts.credit_of(order.client),
                amount,
                visit=order.appointment_id,
                caps={"services": limits.services, "products": limits.products},
            )
        ]

    def taken_back_legs(self, back: Back) -> list[Leg]:
        """Into the very lots that it drew, the last one first."""
        drawn = drawn_by([back.tender])[back.tender.pk]
        return [
            credit_restored(lot, part, back.desk)
            for lot, part in last_drawn_first(drawn, back.amount)
        ]

    def refund_legs(self, back: Back) -> list[Leg]:
        """A child lot of each lot drawn, on its terms."""
        return [credit_returned(lot, part, back.desk) for lot, part in back.parts if lot]


def register_credits() -> None:
    """Called once, when the program starts."""
    register(CreditsKind(CREDITS, "Credits", "Applied Account Debit", (CREDITS,)))
