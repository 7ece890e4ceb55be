"""A deposit on its own visit's sale: proposed, and applied with the next payment or at Close.

Until then it is a row on the page and nothing in the books, so that it can be left out. It is
capped at what it may pay and at what remains (MONEY, Orders).
"""

import uuid as uuids

from django.db import transaction

from checkout.funds import standing_funds
from checkout.held import held_lots, usable
from checkout.locking import check_fresh, lock_open, touch
from checkout.models import Order, Tender
from checkout.models.orders import Totals
from checkout.tender_kinds import CREDITS, Taking
from checkout.tender_posting import post_tender
from clients.standing import hold
from ledger.models import Posting
from salon.desk import Desk
from salon.money import minor, money
from salon.policy import Policy

DEPOSIT = "Deposit"
"""The reference of the payments that are made here."""

# Derives each payment's key from the order and what was paid on it before.
_APPLIED = uuids.UUID("3d0c2f5a-95a2-4c8d-b0cf-24c6a7f3c1de")


def proposes(order: Order, policy: Policy) -> bool:
    """Whether what is held for its visit is applied to this order by itself. One query at most."""
    if order.appointment_id is None or order.deposit_held_back:
        return False
    return policy.apply_earmarked_deposits


def apply_proposed(order: Order, desk: Desk) -> Tender | None:
    """Apply what the locked order proposes as a Credits payment; None where it proposes nothing.

    Part of the act that made it due, in its transaction: undone with it. Up to nine queries before
    its entry, three where nothing is held. Raises StaleOrder when the deposit moved at this moment.
    """
    held = held_lots(order, desk) if not order.deposit_held_back else []
    if not held or not proposes(order, Policy.of(desk.location)):
        return None
    lines, tenders = list(order.lines.all()), list(order.tenders.all())
    remaining = minor(Totals(lines, tenders).remaining)
    parts = usable(held, lines, standing_funds(order, tenders), remaining)
    amount = sum(part for _, part in parts)
    if not amount:
        return None
    deposit = Tender(
        uuid=uuids.uuid5(_APPLIED, f"{order.uuid}:{len(tenders)}"),
        order=order,
        kind=CREDITS,
        amount=money(amount),
        reference=DEPOSIT,
    )
    if order.client:
        # Before this payment locks accounts: the next one may ask for the client's row.
        hold(order.client)
    return post_tender(deposit, Taking(order, lines, tenders, desk, held=parts))


@transaction.atomic
def use_deposit(*, order: Order, use: bool, desk: Desk, revision: int | None = None) -> Order:
    """Leave what is held out of this sale, or let it be proposed again. Nothing is posted."""
    locked = lock_open(order, desk)
    if locked.deposit_held_back is not use:
        return locked
    check_fresh(locked, revision)
    _hold_back(locked, not use)
    touch(locked)
    return locked


def leave_out_taken_back(order: Order, tender: Tender) -> None:
    """Who takes the deposit off a sale does not want it proposed again at once. One query at most.

    `order` is locked, `tender` the payment that was just taken back.
    """
    if order.appointment_id is None or order.deposit_held_back:
        return
    if Posting.objects.filter(entry=tender.entry_id, lot__appointment=order.appointment_id):
        _hold_back(order, True)


def _hold_back(order: Order, is_held_back: bool) -> None:
    order.deposit_held_back = is_held_back
    order.save(update_fields=["deposit_held_back"])
