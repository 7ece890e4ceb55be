"""Which attempt or refund an event is about: by what names our row there, or by the ids there."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from cards import gateways
from cards.events import NotOurs
from cards.gateway import Rejected
from cards.models import Attempt, CardRefund
from salon.addresses import uuid_of

Object = Mapping[str, Any]


def attempt_of(found: Object) -> Attempt:
    """The attempt of a payment, a page, a charge, a refund or a dispute. Raises NotOurs, Unclear.

    Asks the processor where only it knows: a page's payment is not known here until it is paid.
    """
    attempt = _by_reference(_reference(found)) or _by_ids(found)
    payment_id = text(found, "payment_intent")
    if attempt is None and payment_id:
        attempt = _by_reference(_reference_there(payment_id))
    if attempt is None:
        raise NotOurs("It is about no payment of this program.")
    return attempt


def refund_of(found: Object) -> CardRefund:
    """The refund of a refund at the processor. Raises NotOurs, also for one that was made there."""
    row = CardRefund.objects.filter(gateway_id=found.get("id") or "-").first()
    uuid = uuid_of(_reference(found).partition(":")[0])
    if row is None and uuid:
        row = CardRefund.objects.filter(uuid=uuid).first()
    if row is None:
        raise NotOurs(
            "A refund that was not made here. If it was made at the processor by hand, it is not "
            "in the books: correct them."
        )
    return row


def _reference_there(payment_id: str) -> str:
    gateway = gateways.current()
    try:
        return gateway.payment(payment_id).reference if gateway else ""
    except Rejected:  # No such payment.
        return ""


def text(found: Object, name: str) -> str:
    """An id that may stand there by itself or as the whole thing."""
    value = found.get(name)
    if isinstance(value, Mapping):
        value = value.get("id")
    return str(value or "")


def _by_reference(reference: str) -> Attempt | None:
    uuid = uuid_of(reference)
    return Attempt.objects.filter(uuid=uuid).first() if uuid else None


def _by_ids(found: Object) -> Attempt | None:
    ids = [value for name in ("id", "payment_intent") if (value := text(found, name))]
    return Attempt.objects.filter(Q(payment_id__in=ids) | Q(page_id__in=ids)).first()


def _reference(found: Object) -> str:
    metadata = found.get("metadata") or {}
    return str(metadata.get("reference") or found.get("client_reference_id") or "")
