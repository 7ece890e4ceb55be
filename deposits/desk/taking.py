"""Taking a deposit at the desk for a visit: a sale with its line, ready to be paid."""

import uuid as uuids

from django.db import transaction
from djmoney.money import Money

from appointments.models import Appointment
from checkout.adding_deposits import add_deposit
from checkout.models import LineItem, Order
from checkout.opening import open_order
from deposits.errors import Refused, as_refused
from salon.desk import Desk
from salon.money import minor
from salon.policy import Policy


@transaction.atomic
def open_deposit_sale(*, visit: Appointment, amount: Money, desk: Desk, uuid: uuids.UUID) -> Order:
    """A new sale with a deposit for the visit on it; nothing is held until that is paid and closed.

    The same `uuid` again answers with the sale that it made. Where earmarks are off the deposit is
    free account credit and names no visit. Raises Refused.
    """
    line = uuids.uuid5(uuid, "line")
    if made := LineItem.objects.filter(uuid=line).select_related("order").first():
        return made.order
    if minor(amount) <= 0:
        raise Refused("Enter an amount above zero. Nothing was added.", field="amount")
    held_for = visit if Policy.of(desk.location).earmark_deposits else None
    with as_refused():
        order = open_order(desk=desk, client=visit.client, uuid=uuid)
        add_deposit(
            order=order,
            beneficiary=visit.client,
            visit=held_for,
            amount=amount,
            desk=desk,
            uuid=line,
        )
    return order
