"""Members who pay no booking deposit for the services of their plan, where the owner says so."""

import datetime as dt
from collections.abc import Mapping, Sequence

from checkout import deposit_exemptions
from clients.models import Client
from memberships.models import Membership, Plan
from salon import clock
from salon.models import Location, Service


def reasons_of(
    client: Client | None, services: Sequence[Service], location: Location, at: dt.datetime
) -> Mapping[int, str]:
    """Why this client pays none for which services: a membership that is in order covers them.

    Paused ones and those whose charge failed cover nothing; one that ends before the visit neither.
    One query, none for somebody new.
    """
    if client is None:
        return {}
    day = clock.business_date(location, at)
    tied = Plan.services.through.objects.filter(
        service__in=services,
        plan__memberships__in=Membership.objects.filter(
            client=client.survivor_id, status=Membership.Status.ACTIVE
        ).exclude(ends_on__lte=day),
    ).order_by("plan__position", "plan__name")
    named = list(tied.values_list("service_id", "plan__name"))
    # Of several plans the first in order is named.
    return {service: f"{plan} members pay no deposit for it" for service, plan in reversed(named)}


def add_exemption() -> None:
    """Called once, when the program starts."""
    deposit_exemptions.add("members", reasons_of, for_members=True)
