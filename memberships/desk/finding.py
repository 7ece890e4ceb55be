"""Looking up what an address names, with what its pages need."""

import uuid as uuids

from django.http import Http404

from memberships.models import Membership, Period


def membership_or_404(uuid: uuids.UUID) -> Membership:
    """The membership with its client, plan, card and location. One query."""
    rows = Membership.objects.select_related(
        "client__merged_into", "location", "plan", "next_plan", "card", "tax_rate"
    )
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise Http404("There is no such membership.")
    return found


def period_or_404(uuid: uuids.UUID) -> Period:
    """The period with its membership and client. One query."""
    rows = Period.objects.select_related(
        "membership__client", "membership__location", "membership__plan", "plan", "tax_rate"
    )
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise Http404("There is no such billing period.")
    return found
