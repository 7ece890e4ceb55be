"""Taking a payment. It posts at once, so that the money is gone for every other till."""

import uuid as uuids
from collections.abc import Sequence

from django.db import transaction
from djmoney.money import Money

from checkout.allocating import barred, says_what_is_barred
from checkout.charges.waiting import as_payments, open_charges, sum_of
from checkout.errors import Refused
from checkout.funds import Fund, standing_funds
from checkout.locking import check_fresh, lock, require
from checkout.models import CustomPayment, LineItem, Order, Tender
from checkout.models.orders import Totals
from checkout.proposing import apply_proposed
from checkout.spending import room_for
from checkout.tender_kinds import CASH, Taking, kind_named
from checkout.tender_posting import post_tender
from ledger.errors import NotEnoughCredit
from ledger.kinds import Restriction
from salon import permissions, said
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
    override_reason: str = "",
) -> Tender:
    """Take `amount` on an open order and post it: above zero, at most what remains and no open
    charge of a card speaks for.

    `uuid` comes with the form: the same form again answers with the tender that it made. Locks the
    order, then the client's account. `override_reason`: why the client may owe more than the limit,
    by who may say so. Raises Refused, in the desk's words; nothing is taken then.
    """
    tender = Tender(
        uuid=uuid,
        kind=kind_named(kind).code,
        amount=amount,
        cash_given=cash_given,
        reference=reference.strip(),
        custom=custom,
        override_reason=override_reason.strip()[:240],
        till=desk.till if kind == CASH else None,
        order=order,
    )
    try:
        return _take(order, tender, desk, revision)
    except NotEnoughCredit as short:
        raise kind_named(kind).not_enough(tender, desk, short) from short


@transaction.atomic
def _take(order: Order, tender: Tender, desk: Desk, revision: int | None) -> Tender:
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    locked = lock(order)
    # Under the lock: of two equal forms, the second finds what the first one made.
    twin = Tender.objects.filter(uuid=tender.uuid).first()
    if twin is not None:
        return _same(twin, order, tender)
    check_fresh(locked, revision)
    # The deposit below locks the client and their accounts: a gift card comes before those.
    kind_named(tender.kind).hold(tender)
    # What is held for this visit was counted in when the page asked for the rest.
    apply_proposed(locked, desk)
    lines = list(locked.lines.all())
    tenders = list(locked.tenders.all())
    waiting = open_charges(locked)
    check_amount(tender, Totals(lines, tenders).remaining, sum_of(waiting))
    _check_own(tender)
    taking = Taking(locked, lines, [*tenders, *as_payments(waiting)], desk)
    if not kind_named(tender.kind).draws_lots and barred(tender.kind, lines):
        # Credits and gift cards find their own words.
        check_room(tender, lines, standing_funds(locked, taking.tenders))
    return post_tender(tender, taking)


def check_room(tender: Tender, lines: Sequence[LineItem], funds: Sequence[Fund]) -> None:
    """Refuse what would have no place when the sale closes: cash for a deposit by card only.

    `funds`: all that pays beside it. No queries.
    """
    most = money(room_for(tender.kind, Restriction.ANY, lines, funds))
    if tender.amount > most:
        up_to = f"It can pay at most {most} here." if most else "It can pay nothing else here."
        barred_lines = says_what_is_barred(tender.kind, lines)
        label = kind_named(tender.kind).label
        raise Refused(f"{label} was not taken. {barred_lines} {up_to}", field="amount")


def check_amount(tender: Tender, remaining: Money, waiting: Money) -> None:
    """Refuse nothing, and more than `remaining` less what is `waiting` for a card."""
    if minor(tender.amount) <= 0:
        raise Refused("Enter an amount above zero.", field="amount")
    if tender.amount > remaining:
        raise Refused(
            f"Only {remaining} remains to be paid. Nothing was taken."
            if remaining.amount > 0
            else "This sale is paid in full. Nothing was taken.",
            field="amount",
        )
    if tender.amount > remaining - waiting:
        raise Refused(
            f"{said.amount(waiting)} of this sale is waiting for the card. Nothing was taken. "
            "Cancel that first, or take less.",
            field="amount",
        )


def _same(twin: Tender, order: Order, tender: Tender) -> Tender:
    if (twin.order_id, twin.kind, twin.amount) != (order.pk, tender.kind, tender.amount):
        raise Refused("This payment was already taken with another amount. Load the sale again.")
    return twin


def _check_own(tender: Tender) -> None:
    if tender.cash_given is not None and tender.cash_given < tender.amount:
        raise Refused(
            f"{tender.cash_given} is less than {tender.amount}. Take a smaller part in cash.",
            field="cash_given",
        )
    kind_named(tender.kind).check(tender)
