"""Sending a refund to the card, and seeing how far it is. Never inside a transaction."""

import datetime as dt
import logging

from django.db import transaction

from cards import gateways
from cards.errors import NotConnected
from cards.gateway import CardRefundAnswer, Gateway, RefundStatus, Rejected, Unclear
from cards.models import CardRefund
from cards.purposes import purpose_of
from salon import clock

log = logging.getLogger(__name__)

GIVEN_UP = dt.timedelta(hours=1)
"""After so long a call is not under way any more. A processor answers a call that broke down with
the same error under its key for ever: where there is no refund by then, it is asked anew."""
_Status = CardRefund.Status
_SAID = {
    RefundStatus.PENDING: _Status.PENDING,
    RefundStatus.SUCCEEDED: _Status.DONE,
    RefundStatus.FAILED: _Status.REFUSED,
}
# Answers may overtake each other; a refund moves on only.
_ORDER = [_Status.WAITING, _Status.PENDING, _Status.DONE, _Status.REFUSED]


def send_refund(refund: CardRefund) -> CardRefund:
    """Give it back to the card. The refund as it stands then; on its way where nobody answers."""
    try:
        return settle_refund(refund)
    except (Unclear, Rejected) as error:
        log.warning("refund %s: %s: %s", refund.uuid, type(error).__name__, error)
        return _read(refund)


def look_refund(refund: CardRefund) -> CardRefund:
    """Ask the processor how far it is, also after its end: a card may refuse weeks later."""
    return send_refund(refund)


def settle_refund(refund: CardRefund) -> CardRefund:
    """As `look_refund`, but an answer that does not come is raised: Unclear, Rejected."""
    gateway = gateways.current()
    if gateway is None:
        raise NotConnected("Nothing more was refunded.")
    row, is_first = _noted(refund)
    if is_first and row.status == _Status.WAITING:
        return _record(row, _asked(gateway, row))
    answer = _found(gateway, row)
    if answer is None and row.status == _Status.WAITING:
        row = _renewed(row)
        answer = _asked(gateway, row)
    return _record(row, answer) if answer else row


def _noted(refund: CardRefund) -> tuple[CardRefund, bool]:
    """The row as it is, and whether its key is used for the first time; noted before it is."""
    # Durable: refuses to run inside another transaction, where no call may be made.
    with transaction.atomic(durable=True):
        row = CardRefund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
        is_first = row.sent_at is None
        row.looked_at = clock.now()
        row.sent_at = row.sent_at or row.looked_at
        row.save(update_fields=["looked_at", "sent_at"])
    return _read(refund), is_first


def _asked(gateway: Gateway, row: CardRefund) -> CardRefundAnswer:
    try:
        return gateway.refund(
            row.attempt.payment_id, amount=row.amount, reference=_reference(row), key=row.key
        )
    except Rejected as rejected:
        return CardRefundAnswer("", RefundStatus.FAILED, row.amount, why=str(rejected))


def _found(gateway: Gateway, row: CardRefund) -> CardRefundAnswer | None:
    """The refund at the processor, by its id or by what it was asked with."""
    for answer in gateway.refunds_of(row.attempt.payment_id):
        if row.gateway_id == answer.id or (
            not row.gateway_id and answer.reference == _reference(row)
        ):
            return answer
    return None


def _reference(row: CardRefund) -> str:
    """What names this try at the processor: an earlier one that failed is still there."""
    return f"{row.uuid}:{row.tries}" if row.tries else str(row.uuid)


@transaction.atomic
def _renewed(refund: CardRefund) -> CardRefund:
    """Under another key, where the last was used long ago and the processor has no refund."""
    row = locked_refund(refund)
    now = clock.now()
    if row.status == _Status.WAITING and now - (row.sent_at or now) > GIVEN_UP:
        row.tries += 1
        row.sent_at = now
        row.save(update_fields=["tries", "sent_at"])
    return row


@transaction.atomic
def _record(refund: CardRefund, answer: CardRefundAnswer) -> CardRefund:
    row = locked_refund(refund)
    status = _SAID[answer.status]
    if row.tries != refund.tries or _ORDER.index(status) <= _ORDER.index(_Status(row.status)):
        return row
    row.status = status
    row.gateway_id = answer.id
    row.ended_at = None if status == _Status.PENDING else clock.now()
    if status == _Status.REFUSED:
        row.failure = (answer.why or "The card company refused it.")[:300]
    row.save(update_fields=["status", "gateway_id", "ended_at", "failure"])
    purpose_of(row).refund_moved(row)
    return row


def locked_refund(refund: CardRefund) -> CardRefund:
    """The refund as it is now, locked until the transaction ends; what it is of before it."""
    purpose_of(refund).lock(refund.reference)
    return (
        CardRefund.objects.select_for_update(of=("self",))
        .select_related("attempt", "location", "asked_by")
        .get(pk=refund.pk)
    )


def _read(refund: CardRefund) -> CardRefund:
    return CardRefund.objects.select_related("attempt").get(pk=refund.pk)
