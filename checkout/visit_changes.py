"""A visit whose sale is open neither ends nor changes hands behind the sale's back."""

from appointments.changes import Change, Kind
from appointments.errors import Refused
from appointments.models import Appointment
from checkout.models import Order
from checkout.models.orders import Totals

OPEN = Order.Status.OPEN


def lock_the_sales(appointment: Appointment) -> None:
    """Sales come before their visit: no till changes them while the visit is changed. One query."""
    sales = Order.objects.select_for_update().filter(appointment=appointment, status=OPEN)
    list(sales.order_by("pk").values_list("pk"))


def ask_the_sale(change: Change) -> None:
    """Refuse to end a visit, or to give it away, while a sale of its own is open.

    Moving it is harmless. Called inside the change's transaction, with the sales and the visit
    locked. One query, three when refused.
    """
    if change.kind == Kind.MOVED:
        return
    order = change.appointment.orders.filter(status=OPEN).first()
    if order is None:
        return
    paid = Totals.of(order).paid
    holds = f" and {paid} is paid on it" if paid else ""
    stays = "the visit stays as it is"
    if change.kind == Kind.CLIENT:
        stays = f"the visit stays {change.appointment.client}’s"
    raise Refused(
        f"Sale #{order.number} of this visit is open{holds}. Close it or void it first; {stays}."
    )
