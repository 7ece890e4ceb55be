"""Money back to the card: so much of a charge, sent after the entry that gave it back.

    with transaction.atomic():
        refund = begin_refund(...)      # beside the entry; never beyond the charge
        send_after_commit(refund)       # cards/sending.py; the sweep sends what this could not

The books count it as given back from the first moment. Where the card refuses, even weeks later,
the refund is REFUSED and somebody decides: `retry_refund`, or `settle_instead`.
"""

import uuid as uuids

from django.db import transaction
from django.db.models import Sum
from djmoney.money import Money

from cards import gateways
from cards.errors import NotConnected, NotRefundable, RefundSettled
from cards.models import Attempt, CardRefund
from cards.purposes import check_registered, purpose_of
from salon import said
from salon.desk import Desk
from salon.money import money


def left_of(attempt: Attempt) -> Money:
    """How much of a charge may still go back to its card: less all refunds not refused."""
    if attempt.status != Attempt.Status.SUCCEEDED:
        return money(0)
    standing = attempt.refunds.exclude(status=CardRefund.Status.REFUSED)
    gone = standing.aggregate(gone=Sum("amount"))["gone"]
    return attempt.amount - Money(gone or 0, attempt.amount.currency)


def begin_refund(
    *,
    attempt: Attempt,
    amount: Money,
    purpose: str,
    reference: str,
    desk: Desk,
    uuid: uuids.UUID,
) -> CardRefund:
    """Write that `amount` goes back to the card; nothing is asked of the processor yet.

    Call inside the transaction that posts it; locks the attempt until that ends. The same `uuid`
    again answers with the refund that it wrote. Raises NotRefundable, NotConnected.
    """
    if not gateways.connected():
        raise NotConnected("Nothing was refunded. Give it back another way.")
    check_registered(purpose)
    held = _hold(attempt)
    found = CardRefund.objects.filter(uuid=uuid).first()
    if found:
        return found
    _check_room(held, amount)
    return CardRefund.objects.create(
        uuid=uuid,
        attempt=held,
        purpose=purpose,
        reference=reference,
        amount=amount,
        location=desk.location,
        asked_at=desk.at,
        asked_by=desk.staff,
    )


@transaction.atomic
def retry_refund(refund: CardRefund) -> CardRefund:
    """Ask the card anew after it refused; send it after that. Raises RefundSettled, NotRefundable.

    Locks the refund's attempt and the refund.
    """
    purpose_of(refund).lock(refund.reference)
    attempt = _hold(refund.attempt)
    row = _stranded(refund)
    _check_room(attempt, row.amount)
    row.status, row.gateway_id, row.failure = row.Status.WAITING, "", ""
    row.sent_at = row.ended_at = None
    row.tries += 1
    row.save()
    purpose_of(row).refund_moved(row)
    return row


def settle_instead(refund: CardRefund, *, how: str, entry_id: int) -> CardRefund:
    """Note what was done with the money of a refused refund: `how` (balance, cash), by which entry.

    Call inside the transaction that posts the entry; locks the refund. Raises RefundSettled where
    somebody was faster, or the card takes it after all.
    """
    purpose_of(refund).lock(refund.reference)
    row = _stranded(refund)
    row.instead, row.instead_entry_id = how, entry_id
    row.save(update_fields=["instead", "instead_entry"])
    return row


def _hold(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)


def _check_room(attempt: Attempt, amount: Money) -> None:
    left = left_of(attempt)
    if attempt.status != Attempt.Status.SUCCEEDED:
        raise NotRefundable("This card was not charged. Nothing was refunded.")
    if amount > left:
        raise NotRefundable(
            f"Only {said.amount(left)} of this card payment can still go back to the card. "
            "Nothing was refunded. Refund less, or give the rest back another way.",
            field="amount",
        )


def _stranded(refund: CardRefund) -> CardRefund:
    row = CardRefund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if row.instead_entry_id:
        raise RefundSettled("This refund was settled another way meanwhile. Nothing was changed.")
    if row.status != CardRefund.Status.REFUSED:
        raise RefundSettled(
            "The card did not refuse this refund, or it is asked again already. "
            "Nothing was changed."
        )
    return row
