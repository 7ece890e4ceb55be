"""Which order an address means, and whether its client's balance has moved since."""

import uuid as uuids

from django.db.models import Sum
from django.http import Http404

from checkout.models import Order
from ledger.models import Account


def find_order(uuid: uuids.UUID) -> Order:
    """The order with what its page says of it. One query; Http404 where there is none."""
    order = (
        Order.objects.select_related("client", "location", "appointment").filter(uuid=uuid).first()
    )
    if order is None:
        raise Http404
    return order


def stand_of(order: Order) -> int:
    """Moves with every change of the client's balance, at whichever till. One query."""
    if order.client_id is None:
        return 0
    accounts = Account.objects.filter(client=order.client_id)
    return accounts.aggregate(stand=Sum("version"))["stand"] or 0
