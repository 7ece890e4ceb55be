"""Taking a payment back while the order is open, whole or in part; what remains to pay reopens."""

import uuid as uuids

from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused, StaleOrder
from checkout.locking import check_fresh, lock, require, touch
from checkout.models import Order, Refund, RefundPart, Tender
from checkout.proposing import leave_out_taken_back
from checkout.tender_kinds import Back, kind_of
from checkout.ways_back import check_destination, twin_of
from clients.models import Client
from ledger import accounts
from ledger.errors import NotEnoughCredit
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move, Open
from ledger.posting import Cause, post
from salon import permissions
from salon.desk import Desk
from salon.money import minor


@transaction.atomic
def take_back(
    *,
    tender: Tender,
    amount: Money,
    destination: str,
    desk: Desk,
    uuid: uuids.UUID,
    client: Client | None = None,
    reason: str = "",
    revision: int | None = None,
) -> Refund:
    """Give `amount` of a payment back, the way `destination` says.

    Credits go back into the lots that they came from. `client` takes what goes to a balance; the
    order's client by default. The same form (`uuid`) again answers with the refund that it made.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    locked = lock(tender.order)
    if twin := twin_of(locked, uuid):
        return twin
    check_fresh(locked, revision)
    fresh = Tender.objects.get(pk=tender.pk, order=locked)
    taker = client or locked.client
    check_destination(fresh, destination, taker, desk)
    if not fresh.standing:
        raise StaleOrder("This payment was taken back already. Nothing was done.")
    if not 0 < minor(amount) <= minor(fresh.standing):
        raise Refused(
            f"Enter an amount up to {fresh.standing}. Nothing was taken back.", field="amount"
        )
    back = Back(fresh, destination, [(None, minor(amount))], taker, desk)
    legs = kind_of(fresh).taken_back_legs(back)
    try:
        posted = post(
            key=f"refund:{uuid}:post",
            kind=EntryKind.TENDER_BACK,
            legs=[Move(accounts.OPEN_ORDERS, minor(amount)), *legs],
            desk=desk,
            note=reason,
            cause=Cause("order", str(locked.uuid)),
            reverses=fresh.entry_id
            if _is_reversal(fresh, amount, destination, legs, desk)
            else None,
        )
    except NotEnoughCredit as settled:
        raise StaleOrder(
            f"{locked.client} paid what they owe at another till a moment ago. Nothing was taken "
            "back. Do it again."
        ) from settled
    leave_out_taken_back(locked, fresh)
    refund = _record(locked, fresh, amount, destination, posted.entry_id, uuid, taker, desk, reason)
    kind_of(fresh).given_back(back, refund)
    return refund


def _is_reversal(
    tender: Tender, amount: Money, destination: str, back: list[Leg], desk: Desk
) -> bool:
    """Whether this undoes the payment leg by leg: whole, its own way, till and lots."""
    if (amount, destination) != (tender.amount, tender.kind):
        return False
    own_till = tender.till_id is None or (desk.till is not None and tender.till_id == desk.till.pk)
    return own_till and not any(isinstance(leg, Open) for leg in back)


def _record(
    order: Order,
    tender: Tender,
    amount: Money,
    destination: str,
    entry_id: int,
    uuid: uuids.UUID,
    client: Client | None,
    desk: Desk,
    reason: str,
) -> Refund:
    refund = Refund.objects.create(
        uuid=uuid,
        order=order,
        before_close=True,
        location=desk.location,
        till=desk.till,
        client=client,
        at=desk.at,
        by=desk.staff,
        business_date=desk.business_date,
        reason=reason,
        entry_id=entry_id,
    )
    RefundPart.objects.create(refund=refund, tender=tender, destination=destination, amount=amount)
    tender.taken_back += amount
    if not tender.standing:
        tender.returned_at = desk.at
    tender.save(update_fields=["taken_back", "returned_at"])
    touch(order)
    return refund
