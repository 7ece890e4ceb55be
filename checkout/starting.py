"""Starting a sale with what the search found: one press for a sale with one thing on it."""

import uuid as uuids

from django.db import transaction

from checkout.lines import add_product, add_service
from checkout.models import Order
from checkout.opening import open_or_resume
from salon.desk import Desk
from salon.models import Product, Service


@transaction.atomic
def open_with(*, thing: Service | Product, desk: Desk, uuid: uuids.UUID | None = None) -> Order:
    """A walk-in's sale with this on it: the empty one that is left open, or a new one.

    With `uuid`, the same press sent twice answers with the sale that it made. A service is with
    whoever rings it up, where they give services. Raises Refused: no longer offered.
    """
    name = uuid or uuids.uuid4()
    line = uuids.uuid5(name, "line")
    made = Order.objects.filter(lines__uuid=line).first()
    if made is not None:
        return made
    order = open_or_resume(desk=desk, uuid=name)
    if isinstance(thing, Product):
        add_product(order=order, product=thing, desk=desk, uuid=line)
    else:
        me = desk.staff if desk.staff and desk.staff.is_provider else None
        add_service(order=order, service=thing, staff=me, desk=desk, uuid=line)
    return order
