"""A card charged through the connected processor, as a kind of payment."""

from checkout.charges.going_back import send_to_card
from checkout.errors import Refused
from checkout.models import Refund, Tender
from checkout.tender_kinds import BALANCE, CASH, CHARGE, Back, TenderKind, register
from ledger import accounts
from salon.desk import Desk


class ChargeKind(TenderKind):
    """`tender.reference` is the card, as it may be shown: Visa •••• 4242."""

    when_back = "in a few days"

    def called(self, tender: Tender) -> str:
        """The card that was charged."""
        return tender.reference or self.receipt_label

    def way_back(self, tender: Tender) -> str:
        return tender.reference or "the card"

    def check(self, tender: Tender) -> None:
        """Nobody types such a payment in: it follows from a charge (purpose.py)."""
        raise Refused("The processor charges this card. Nothing was taken.", field="kind")

    def house_account(self, tender: Tender, desk: Desk) -> str:
        return accounts.PROCESSOR

    def given_back(self, back: Back, refund: Refund) -> None:
        """What goes back to the card is sent to the processor."""
        if back.destination == self.code:
            send_to_card(back, refund)


def register_charge_kind() -> None:
    """Called once, when the program starts."""
    register(ChargeKind(CHARGE, "Card", "Card", (CHARGE, BALANCE, CASH), is_card=True))
