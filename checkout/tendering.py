"""Taking a payment. It posts at once, so that the money is gone for every other till."""

import uuid as uuids

from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused
from checkout.locking import check_fresh, lock, require, touch
from checkout.models import CustomPayment, Order, Tender
from checkout.models.orders import Totals
from checkout.recent_use import just_used
from checkout.tender_kinds import CASH, Taking, kind_named
from ledger import accounts
from ledger.errors import NotEnoughCredit
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.posting import Cause, post
from salon import permissions
from salon.desk import Desk
from salon.money import minor, money


def take_tender(
    *,
    order: Order,
    kind: str,
    amount: Money,
    desk: Desk,
    uuid: uuids.UUID,
    revision: int | None = None,
    cash_given: Money | None = None,
    reference: str = "",
    custom: CustomPayment | None = None,
) -> Tender:
    """Take `amount` (above zero, at most what remains) on an open order and post it.

    `uuid` comes with the form: the same form again answers with the tender that it made. Locks the
    order, then the client's account. Raises Refused, in the desk's words; nothing is taken then.
    """
    tender = Tender(
        uuid=uuid,
        kind=kind_named(kind).code,
        amount=amount,
        cash_given=cash_given,
        reference=reference.strip(),
        custom=custom,
        till=desk.till if kind == CASH else None,
    )
    try:
        return _take(order, tender, desk, revision)
    except NotEnoughCredit as short:
        raise Refused(_not_enough(order, short), field="amount") from short


@transaction.atomic
def _take(order: Order, tender: Tender, desk: Desk, revision: int | None) -> Tender:
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    locked = lock(order)
    # Under the lock: of two equal forms, the second finds what the first one made.
    twin = Tender.objects.filter(uuid=tender.uuid).first()
    if twin is not None:
        return _same(twin, order, tender)
    check_fresh(locked, revision)
    lines = list(locked.lines.all())
    tenders = list(locked.tenders.all())
    _check(tender, Totals(lines, tenders).remaining)
    posted = post(
        key=f"tender:{tender.uuid}:take",
        kind=EntryKind.TENDER,
        legs=[
            *kind_named(tender.kind).debit_legs(tender, Taking(locked, lines, tenders, desk)),
            Move(accounts.OPEN_ORDERS, -minor(tender.amount)),
        ],
        desk=desk,
        cause=Cause("order", str(locked.uuid)),
    )
    tender.order = locked
    tender.entry_id = posted.entry_id
    tender.taken_at = desk.at
    tender.taken_by = desk.person
    tender.save(force_insert=True)
    touch(locked)
    return tender


def _same(twin: Tender, order: Order, tender: Tender) -> Tender:
    if (twin.order_id, twin.kind, twin.amount) != (order.pk, tender.kind, tender.amount):
        raise Refused("This payment was already taken with another amount. Load the sale again.")
    return twin


def _check(tender: Tender, remaining: Money) -> None:
    if minor(tender.amount) <= 0:
        raise Refused("Enter an amount above zero.", field="amount")
    if tender.amount > remaining:
        raise Refused(
            f"Only {remaining} remains to be paid. Nothing was taken."
            if remaining.amount > 0
            else "This sale is paid in full. Nothing was taken.",
            field="amount",
        )
    if tender.cash_given is not None and tender.cash_given < tender.amount:
        raise Refused(
            f"{tender.cash_given} is less than {tender.amount}. Take a smaller part in cash.",
            field="cash_given",
        )
    kind_named(tender.kind).check(tender)


def _not_enough(order: Order, short: NotEnoughCredit) -> str:
    """What there is, and what happened to the rest, if it happened just now."""
    available = money(short.figures["available"])
    message = f"{order.client} has {available} available for this sale. Nothing was applied."
    if order.client and (use := just_used(order.client, besides=order)):
        message += f" {use}"
    return message
