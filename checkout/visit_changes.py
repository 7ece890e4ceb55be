"""A visit whose sale is open is not canceled, missed or moved behind the sale's back."""

from appointments.changes import Change, Kind
from appointments.errors import Refused
from checkout.models import Order
from checkout.models.orders import Totals


def ask_the_sale(change: Change) -> None:
    """Refuse to end a visit while a sale of its own is open. Moving it is harmless.

    Called inside the change's transaction, with the visit locked. One query, three when refused.
    """
    if change.kind == Kind.MOVED:
        return
    order = change.appointment.orders.filter(status=Order.Status.OPEN).first()
    if order is None:
        return
    paid = Totals.of(order).paid
    holds = f" and {paid} is paid on it" if paid else ""
    raise Refused(
        f"Sale #{order.number} of this visit is open{holds}. Close it or void it first; "
        "the visit stays as it is."
    )
