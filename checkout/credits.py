"""Paying with account credit: what it draws, what it lets a client owe, and how it comes back.

MONEY, Spending: past what is available, where the owner allows it and up to the limit, one payment
has two legs, stored value and what the client owes. Going back, what they owe is reduced first.
"""

from checkout.allocating import says_what_is_barred
from checkout.errors import Refused
from checkout.funds import drawn_by, standing_funds
from checkout.held import held_legs
from checkout.models import Tender
from checkout.owing import owed_back, owed_by_entry, owed_returned, says_what_may_be_owed, short_of
from checkout.recent_use import just_used
from checkout.spending import caps
from checkout.tender_kinds import CREDITS, Back, Taking, TenderKind, register
from checkout.ways_back import credit_restored, credit_returned, last_drawn_first
from ledger import accounts
from ledger.errors import NotEnoughCredit
from ledger.legs import Draw, Leg, Take
from salon.desk import Desk
from salon.money import minor, money
from salon.policy import Policy


class CreditsKind(TenderKind):
    """The client's own lots, in the order of drawing, then what they may owe."""

    draws_lots = True

    def debit_legs(self, tender: Tender, taking: Taking) -> list[Leg]:
        """Raises NotEnoughCredit through the posting when less is available, owing included."""
        order, amount = taking.order, minor(tender.amount)
        if order.client is None:
            raise Refused("Choose the client whose credit pays.", field="client")
        if taking.held is not None:
            return [Take(lot.pk, part) for lot, part in taking.held]
        policy = Policy.of(taking.desk.location)
        funds = standing_funds(order, taking.tenders)
        if not policy.balances:
            return held_legs(order, amount, taking.lines, funds, taking.desk)
        limits = caps(taking.lines, funds)
        if amount > limits.any:
            raise Refused(
                f"Account credit can pay at most {money(limits.any)} of what is on this sale. "
                f"{says_what_is_barred(CREDITS, taking.lines)}".strip(),
                field="amount",
            )
        return [
            Draw(
                accounts.credit_of(order.client),
                amount,
                # A deposit that was left out of this sale stays out of its other payments.
                visit=None if order.deposit_held_back else order.appointment_id,
                caps={"services": limits.services, "products": limits.products},
                short=short_of(order.client, tender, taking.desk, policy),
            )
        ]

    def posted(self, tender: Tender, taking: Taking, entry_id: int) -> None:
        """What of it the client owes now."""
        owed_by_entry(tender, entry_id, taking.order.client, taking.desk)

    def not_enough(self, tender: Tender, desk: Desk, short: NotEnoughCredit) -> Refused:
        """What there is, what may still be owed, and what became of the rest just now."""
        client = tender.order.client
        if client is None:
            return super().not_enough(tender, desk, short)
        available = money(short.figures["available"])
        message, field = says_what_may_be_owed(client, available, desk)
        use = just_used(client, besides=tender.order)
        return Refused(f"{message} {use}".strip(), field=field)

    def taken_back_legs(self, back: Back) -> list[Leg]:
        """Off what the client owes first, then into the very lots that it drew, the last one first.

        Two queries, one more where something is owed.
        """
        owed = min(back.amount, minor(back.tender.owed_standing))
        drawn = drawn_by([back.tender])[back.tender.pk]
        return [
            *owed_back(back, owed),
            *(
                credit_restored(lot, part, back.desk)
                for lot, part in last_drawn_first(drawn, back.amount - owed)
            ),
        ]

    def refund_legs(self, back: Back) -> list[Leg]:
        """Off what the client owes, then a child lot of each lot drawn, on its terms."""
        return [
            *owed_returned(back),
            *(credit_returned(lot, part, back.desk) for lot, part in back.parts if lot),
        ]


def register_credits() -> None:
    """Called once, when the program starts."""
    register(CreditsKind(CREDITS, "Credits", "Applied Account Debit", (CREDITS,)))
