"""What the rules ask about a client: how often they did not come, and whether they are new."""

from dataclasses import dataclass

from django.db.models import Count

from appointments.models import Appointment
from checkout.adding_deposits import DEPOSIT
from checkout.models import LineItem, Order
from clients.models import Client

Status = Appointment.Status


@dataclass(frozen=True)
class Past:
    """What the salon knows of somebody."""

    no_shows: int = 0
    is_new: bool = True
    """No visit took place yet, and nothing was sold: a deposit or a fee makes nobody known."""


def past_of(client: Client | None) -> Past:
    """Of nobody in particular: somebody new. At most two queries."""
    if client is None:
        return Past()
    visits = Appointment.objects.filter(
        client=client.survivor_id, status__in=[Status.DONE, Status.NO_SHOW]
    )
    counts = dict(visits.order_by().values_list("status").annotate(Count("pk")))
    return Past(
        no_shows=counts.get(Status.NO_SHOW, 0),
        is_new=not counts.get(Status.DONE) and not _bought(client),
    )


def _bought(client: Client) -> bool:
    sold = LineItem.objects.filter(
        order__client=client.survivor_id, order__status=Order.Status.CLOSED, order__fee=None
    )
    return sold.exclude(kind=DEPOSIT).exists()
