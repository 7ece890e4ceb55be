"""Voiding an open order: every payment goes back the way it came, then the order is over."""

import uuid as uuids

from django.db import transaction

from checkout.charges.waiting import check_none_open
from checkout.errors import Refused, StaleOrder
from checkout.locking import lock, require, touch
from checkout.models import Order
from checkout.taking_back import take_back
from clients.standing import hold
from salon import permissions
from salon.desk import Desk

# Derives the key of each payment's return from the payment, so that voiding twice returns it once.
_RETURNS = uuids.UUID("6f6a1c0e-6ad3-4c1b-9d56-6d2f1ad1a9a4")


@transaction.atomic
def void_order(*, order: Order, desk: Desk, reason: str, revision: int | None = None) -> Order:
    """Take back all payments, the last one first, and void. Voiding again answers with the order.

    A closed sale is not voided but refunded. Raises Refused; then nothing was taken back.
    """
    require(desk, permissions.REFUND_SALES, "refund and void sales")
    locked = lock(order)
    if locked.status == Order.Status.VOIDED:
        return locked
    if not locked.is_open:
        raise StaleOrder(f"Sale #{locked.number} is closed. Refund it instead of voiding it.")
    if revision is not None and revision != locked.revision:
        raise StaleOrder(
            f"Sale #{locked.number} was changed at another till a moment ago. Nothing was voided."
        )
    if not reason.strip():
        raise Refused("Say why the sale is voided.", field="reason")
    check_none_open(locked, "Nothing was voided.")
    if locked.client:
        # Before the first payment locks accounts: a client's row comes before them.
        hold(locked.client)
    for tender in locked.tenders.order_by("-id"):
        if tender.standing:
            take_back(
                tender=tender,
                amount=tender.standing,
                destination=tender.kind,
                desk=desk,
                uuid=uuids.uuid5(_RETURNS, str(tender.uuid)),
                reason=reason,
            )
    locked.status = Order.Status.VOIDED
    locked.voided_at = desk.at
    locked.voided_by = desk.staff
    locked.void_reason = reason.strip()
    locked.save(update_fields=["status", "voided_at", "voided_by", "void_reason"])
    touch(locked)
    return locked
