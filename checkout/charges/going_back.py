"""Card payments going back to their cards: written with the refund, sent once that has committed.

The books count it as given back at once; how far the card is says the CardRefund (cards/models).
"""

import uuid as uuids

from django.urls import reverse

from cards import purposes
from cards.models import Attempt, CardRefund
from cards.refunding import begin_refund
from cards.sending import send_after_commit
from checkout.errors import Refused
from checkout.locking import touch
from checkout.models import Order, OrderCharge, Refund
from checkout.tender_kinds import Back
from salon import errors
from salon.desk import Desk
from salon.money import money

GIVEN_BACK = "order_refund"
"""The purpose of a card refund that follows from a `Refund`, which its reference names."""


def send_to_card(back: Back, refund: Refund) -> None:
    """Write that this part of the refund goes to the card that paid; it is sent after commit.

    The same part again finds what it wrote. Raises Refused; then nothing goes back.
    """
    charge = OrderCharge.objects.select_related("attempt").get(tender=back.tender)
    try:
        row = begin_refund(
            attempt=charge.attempt,
            amount=money(back.amount),
            purpose=GIVEN_BACK,
            reference=str(refund.uuid),
            desk=back.desk,
            uuid=uuids.uuid5(refund.uuid, str(back.tender.uuid)),
        )
    except errors.Refused as refused:
        raise Refused(refused.message, field=refused.field) from refused
    send_after_commit(row)


class GivingBack(purposes.Purpose):
    """What card refunds are for: a refund of a sale. No card is charged for one."""

    code = GIVEN_BACK

    def paid(self, attempt: Attempt, desk: Desk) -> None:
        """Never called: no attempt has this purpose."""
        raise LookupError("a refund charges no card")

    def lock(self, reference: str) -> None:
        """The sale's row."""
        _sale_of(reference)

    def refund_moved(self, refund: CardRefund) -> None:
        """Pages that show the sale are out of date."""
        touch(_sale_of(refund.reference))

    def url(self, reference: str) -> str:
        """The sale's page."""
        order = Order.objects.get(refunds__uuid=reference)
        return reverse("checkout:order", args=[order.uuid])


def _sale_of(reference: str) -> Order:
    return Order.objects.select_for_update(of=("self",)).get(refunds__uuid=reference)


def register_going_back() -> None:
    """Called once, when the program starts."""
    purposes.register(GivingBack())
