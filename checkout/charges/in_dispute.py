"""Card payments of sales that a client's bank took back or asks about, in the words of the desk.

It is answered on the processor's site: here it is told, with the day until which, since unanswered
it is lost.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from djmoney.money import Money

from cards.models import Dispute
from checkout.models import Order
from salon import said
from salon.models import Location


@dataclass(frozen=True)
class InDispute:
    """One dispute as it reads."""

    row: Dispute

    @property
    def order(self) -> Order:
        return self.row.attempt.order_charge.order

    @property
    def amount(self) -> Money:
        return self.row.amount

    @property
    def card(self) -> str:
        """Visa •••• 4242."""
        return self.row.attempt.card_said or "the card"

    @property
    def is_open(self) -> bool:
        return self.row.status == Dispute.Status.OPEN

    @property
    def reason(self) -> str:
        """In the bank's words: product not received."""
        return self.row.reason.replace("_", " ")

    @property
    def is_taken(self) -> bool:
        """Out of the salon's money at the processor, until it is decided."""
        return self.row.withdrawn_entry_id is not None

    @property
    def ended(self) -> str:
        """How it ended."""
        amount = said.amount(self.amount)
        if self.row.status == Dispute.Status.WON:
            return f"The dispute of {amount} was won: the salon keeps it"
        return f"The dispute of {amount} was lost: the client’s bank keeps it"


def disputes_of(order: Order) -> list[InDispute]:
    """All of a sale, the oldest first. One query."""
    return _read(Dispute.objects.filter(attempt__order_charge__order=order))


def open_at(location: Location) -> list[InDispute]:
    """Undecided ones of a location's sales, the first to be answered first. One query."""
    rows = Dispute.objects.filter(status=Dispute.Status.OPEN, attempt__location=location)
    return _read(rows.filter(attempt__order_charge__isnull=False), "answer_by")


def _read(rows: QuerySet[Dispute], *order: str) -> list[InDispute]:
    found = rows.select_related("attempt__order_charge__order__client")
    return [InDispute(row) for row in found.order_by(*order, "pk")]
