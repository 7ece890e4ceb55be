"""One order, one writer at a time."""

from typing import TypeVar

from django.db.models import F

from checkout.errors import Refused, StaleOrder
from checkout.models import Discount, LineItem, Order
from salon import permissions
from salon.desk import Desk

_Part = TypeVar("_Part", LineItem, Discount)


def require(desk: Desk, permission: str, doing: str) -> None:
    """Refuse unless whoever stands at the desk may do this, or the program does it by itself."""
    if desk.by_itself:
        return
    if desk.staff is None or not desk.staff.has_perm(permission):
        raise Refused(f"Your role may not {doing}. Ask a manager or an owner.")


def lock(order: Order) -> Order:
    """The order as it is now, locked until the transaction ends. One query.

    Its client is read when somebody asks: joined here, it would be the one from before the wait.
    """
    return Order.objects.select_for_update().get(pk=order.pk)


def lock_open(order: Order, desk: Desk, revision: int | None = None) -> Order:
    """The open order, locked, for someone who may modify sales.

    `revision` is the one that the page showed: a different one means that another till was faster.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    locked = lock(order)
    check_fresh(locked, revision)
    return locked


def check_fresh(order: Order, revision: int | None) -> None:
    """Raise StaleOrder when a locked order is no longer open, or no longer what the page showed."""
    if not order.is_open:
        raise StaleOrder(
            f"Sale #{order.number} is already {order.get_status_display().lower()}. "
            "Nothing was changed."
        )
    if revision is not None and revision != order.revision:
        raise StaleOrder(
            f"Sale #{order.number} was changed at another till a moment ago. Nothing was done. "
            "This is how it stands now: look it over and go on."
        )


def same_order(twin: _Part, order: Order) -> _Part:
    """What a form has made already, sent again. Raises Refused where that is on another order."""
    if twin.order_id != order.pk:
        raise Refused("This form belongs to another sale. Load the sale again.")
    return twin


def touch(order: Order) -> None:
    """Count a change, so that pages made before it are told."""
    Order.objects.filter(pk=order.pk).update(revision=F("revision") + 1)
    order.revision += 1
