"""From a typed or scanned code to its card, so often and no oftener."""

from checkout.errors import Refused
from giftcards import codes, guessing
from giftcards.models import GiftCard


def find_card(typed: str, who: str) -> GiftCard:
    """The card with this code, whatever its state. Raises Refused; then the try is counted.

    `who`: guessing.at_the_desk() or from_outside(). Call it outside of a transaction. Two queries.
    """
    if guessing.is_paused(who):
        raise Refused(guessing.PAUSED, field="code")
    code = codes.normalized(typed)
    card = None
    if codes.is_well_formed(code):
        card = GiftCard.objects.select_related("account").filter(code=code).first()
    if card is None:
        guessing.count_wrong(who)
        raise Refused(
            "There is no gift card with this code. Nothing was taken. Look at it once more, or "
            "scan it.",
            field="code",
        )
    return card
