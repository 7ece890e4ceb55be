"""What selling a gift card means in the books: its account opens when the order closes."""

from collections.abc import Sequence

from checkout import line_kinds
from checkout.errors import Refused
from checkout.line_kinds import LineKind
from checkout.models import LineItem
from giftcards.blocking import block_what_is_empty
from giftcards.mailing import mail_issued
from giftcards.models import GiftCard
from giftcards.selling import KIND
from ledger.kinds import Source
from ledger.legs import Leg, Open, Take, Terms
from ledger.models import Lot
from salon.desk import Desk
from salon.money import minor, money


class GiftCardLine(LineKind):
    """Stored value for whoever has the code. Neither credit nor another card buys it."""

    code = KIND
    label = "Gift card"
    refuses = frozenset({"credits", KIND})
    smallest = 1
    sells_credit = True
    kept_as = ("On a client’s account balance", "A refund put it there")

    def credit_legs(self, line: LineItem) -> list[Leg]:
        terms = Terms(source=Source.PURCHASE, is_paid=True)
        return [Open(line.gift_card.account_name, minor(line.amount), terms)]

    def closed(self, line: LineItem, opened: Sequence[int | None]) -> None:
        """The card is issued, and its e-mail queued. Its moment is that of the entry."""
        (lot_id,) = opened
        assert lot_id is not None  # nosec B101 - nothing is settled by it
        lot = Lot.objects.select_related("opened_by").get(pk=lot_id)
        LineItem.objects.filter(pk=line.pk).update(opened_lot=lot)
        card = line.gift_card
        card.account_id = lot.account_id
        card.issued_at = lot.opened_by.occurred_at
        card.save(update_fields=["account", "issued_at"])
        mail_issued(card)

    def refundable(self, line: LineItem) -> int | None:
        """What is left on the card, with what refunds brought back to it; not what a refund put
        onto somebody's balance."""
        if line.opened_lot is None:
            return 0
        own = line.opened_lot.account_id
        return sum(lot.remaining for lot in line.lots if lot.account_id == own)

    def note(self, line: LineItem) -> str:
        """Its last four characters and how it goes. One query."""
        card = GiftCard.objects.filter(line=line).first()
        if card is None:
            return ""
        return f"{card.masked}, by e-mail to {card.to_email}" if card.to_email else card.masked

    def stored_in(self, line: LineItem) -> str:
        return f"gift card {line.gift_card.masked}"

    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        """Out of the card's lots, the one it was sold with first. Locks the card."""
        card = GiftCard.objects.select_for_update().get(line=line)
        wanted = amount
        legs: list[Leg] = []
        for lot in Lot.objects.filter(account=card.account_id, is_open=True).order_by("id"):
            part = min(wanted, lot.remaining)
            wanted -= part
            if part:
                legs.append(Take(lot.pk, part))
        if wanted:
            raise Refused(
                f"Only {money(amount - wanted)} is left on gift card {card.masked}; the rest was "
                "spent. Nothing was refunded."
            )
        return legs

    def refunded(self, line: LineItem, desk: Desk) -> None:
        block_what_is_empty(line.gift_card, line, desk)


def register_line() -> None:
    """Called once, when the program starts."""
    line_kinds.register(GiftCardLine())
