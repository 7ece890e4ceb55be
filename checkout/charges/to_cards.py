"""How far money is that goes back to cards, in the words of the desk."""

from collections.abc import Iterable
from dataclasses import dataclass

from djmoney.money import Money

from cards.models import CardRefund
from checkout.models import Order, Refund
from checkout.tender_kinds import BALANCE
from salon import said
from salon.models import Location

_LOADED = ("attempt__order_charge__order__client", "asked_by", "instead_entry__staff")


def card_refunds_of(order: Order) -> list[CardRefund]:
    """All that was sent back to cards of a sale, the oldest first. One query."""
    rows = CardRefund.objects.filter(attempt__order_charge__order=order)
    return list(rows.select_related(*_LOADED).order_by("pk"))


def refused_at(location: Location) -> list[CardRefund]:
    """What cards refused and nobody has decided yet, of a location, the oldest first. One query.

    Of sales: what went straight back without one is settled by who sent it, or is in dispute.
    """
    rows = CardRefund.objects.stranded().filter(location=location, attempt__order_charge__gt=0)
    return list(rows.select_related(*_LOADED).order_by("pk"))


@dataclass(frozen=True)
class ToCard:
    """One card refund as it reads."""

    row: CardRefund

    @property
    def amount(self) -> Money:
        return self.row.amount

    @property
    def order(self) -> Order:
        return self.row.attempt.order_charge.order

    @property
    def card(self) -> str:
        """Visa •••• 4242."""
        return self.row.attempt.card_said or "the card"

    @property
    def is_under_way(self) -> bool:
        return self.row.status in CardRefund.UNDER_WAY

    @property
    def is_refused(self) -> bool:
        """The card refused, and where the money goes instead is not decided."""
        return self.row.status == CardRefund.Status.REFUSED and not self.row.instead_entry_id

    @property
    def went(self) -> str:
        """Where it went instead, once that is decided."""
        return "went to the account balance" if self.row.instead == BALANCE else "was given in cash"

    @property
    def sentence(self) -> str:
        """What became of it."""
        amount = said.amount(self.row.amount)
        if self.row.instead_entry_id:
            return f"{self.card} refused {amount}. It {self.went} instead."
        words = {
            CardRefund.Status.WAITING: f"{amount} is being sent back to {self.card}.",
            CardRefund.Status.PENDING: f"{amount} is on its way back to {self.card}. "
            "That takes a few days.",
            CardRefund.Status.DONE: f"{amount} went back to {self.card}. "
            "The client’s bank shows it within a few days.",
            CardRefund.Status.REFUSED: f"The card refused {amount}.",
        }
        return words[CardRefund.Status(self.row.status)]


def shown(rows: Iterable[CardRefund]) -> list[ToCard]:
    """The same rows, as they read."""
    return [ToCard(row) for row in rows]


def went_wrong_with(rows: Iterable[CardRefund], refund: Refund) -> list[ToCard]:
    """Those of one refund that a card refused, also where the money went elsewhere since."""
    of_this = [row for row in rows if row.reference == str(refund.uuid)]
    return [ToCard(row) for row in of_this if row.status == CardRefund.Status.REFUSED]


def refused_of(rows: Iterable[CardRefund], refund: Refund) -> list[ToCard]:
    """Those of one refund that a card refused, and nobody has decided yet."""
    of_this = [row for row in rows if row.reference == str(refund.uuid)]
    return [to_card for to_card in shown(of_this) if to_card.is_refused]
