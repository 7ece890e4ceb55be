"""What the app adds to the frame: Memberships in the rail, members in the search."""

from collections.abc import Sequence

from django.urls import reverse

from memberships.desk.listing import matching
from memberships.desk.offered import offer_acts
from memberships.desk.seeing import seen
from salon import permissions, rail, search
from salon.desk import Desk


def add_to_the_desk() -> None:
    """Memberships in the rail and in the search. Called once, when the program starts."""
    offer_acts()
    rail.add(
        rail.Entry(
            key="memberships",
            label="Memberships",
            short="Members",
            icon="memberships",
            url_name="memberships:list",
            position=50,
            permission=permissions.VIEW_BALANCES,
        )
    )
    search.add("Memberships", find_memberships, position=27)


def find_memberships(query: str, desk: Desk, limit: int) -> Sequence[search.Hit]:
    """Standing memberships by their client or plan. None for who may not see balances.

    Seven queries at most, and those of finding clients.
    """
    if desk.staff is None or not desk.staff.has_perm(permissions.VIEW_BALANCES) or len(query) < 3:
        return []
    found = matching(query).standing().order_by("-pk")[:limit]
    return [
        search.Hit(
            url=reverse("memberships:one", args=[one.membership.uuid]),
            name=f"{one.membership.plan} of {one.membership.client}",
            note=one.status.label,
            end=one.next_charge,
        )
        for one in seen(found, desk.business_date)
    ]
