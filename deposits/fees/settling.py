"""A fee that is still to do, settled by hand: waived, or taken at the desk."""

from __future__ import annotations

from django.db import transaction

from deposits.errors import Refused, as_refused
from deposits.fates.checks import require
from deposits.fees.sale import sale_for
from deposits.models import Fee
from salon import permissions
from salon.desk import Desk
from salon.waiting import locked_row

Status = Fee.Status


@transaction.atomic
def waive(*, fee: Fee, reason: str, desk: Desk) -> Fee:
    """Let the client off what is still to be collected of it. Once more changes nothing.

    What the deposit paid of it stays paid: undo that part of the decision for more. Locks the fee.
    """
    require(desk, permissions.WAIVE_FEES, "waive or lower a fee")
    why = reason_of(reason)
    locked = lock_fee(fee)
    if locked.status == Status.WAIVED or (locked.waived_at and locked.status == Status.COVERED):
        return locked
    _check_collectable(locked)
    if locked.from_deposit:
        locked.amount, locked.status = locked.from_deposit, Status.COVERED
    else:
        locked.status = Status.WAIVED
    for name, value in waived(why, desk).items():
        setattr(locked, name, value)
    locked.save()
    return locked


@transaction.atomic
def take_at_desk(*, fee: Fee, desk: Desk) -> Fee:
    """Open a sale of what is still to be collected, to be paid in any way; `fee.order` is that.

    The fee is paid once that sale closes. Again, it finds the sale that is open. Locks the fee.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    locked = lock_fee(fee)
    if locked.order is not None and locked.order.is_open:
        return locked
    _check_collectable(locked)
    with as_refused():
        locked.order = sale_for(locked, desk)
    locked.save(update_fields=["order"])
    return locked


def _check_collectable(fee: Fee) -> None:
    """Refuse unless it is still to do, and no sale of it is open."""
    if fee.status == Status.CHARGING:
        raise Refused("The card is being charged for it at this moment. Wait until that has ended.")
    if fee.status in (Status.PAID, Status.OWED):
        where = f" Refund sale #{fee.order.number} instead." if fee.order else ""
        raise Refused(f"This fee is {fee.get_status_display().lower()} already.{where}")
    if fee.status != Status.TO_DO:
        raise Refused(f"This fee is {fee.get_status_display().lower()}. Nothing was changed.")
    check_no_sale(fee)


def check_no_sale(fee: Fee) -> None:
    """Refuse while a sale for it is open at a desk."""
    if fee.order is not None and fee.order.is_open:
        raise Refused(
            f"Sale #{fee.order.number} for this fee is open. Close it, or void it first. "
            "Nothing was changed."
        )


def lock_fee(fee: Fee) -> Fee:
    """The fee as it is now, locked until the transaction ends. One query."""
    rows = Fee.objects.select_for_update(of=("self",))
    related = rows.select_related("client", "location", "order", "appointment")
    return locked_row(related, pk=fee.pk)


def reason_of(reason: str) -> str:
    """Why the client is let off. Refused without one."""
    if not reason.strip():
        raise Refused("Say why the client is let off the fee.", field="fate-waive_reason")
    return reason.strip()[:240]


def waived(reason: str, desk: Desk) -> dict[str, object]:
    """Who let the client off, as fields of a fee; nothing without a reason."""
    if not reason:
        return {}
    return {
        "waived_at": desk.at,
        "waived_by": desk.staff,
        "waived_till": desk.till,
        "waived_reason": reason[:240],
    }
