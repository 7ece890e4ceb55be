"""The list of services under Manage: by category, with who gives each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch

from salon.models import Service, ServiceCategory, ServiceOverride

SHOWS = {"": "Offered", "archived": "Archived", "all": "All"}
NAMED = 4
"""So many people are named in a row, then they are counted."""


@dataclass(frozen=True)
class ListedService:
    """A service as its row reads."""

    service: Service
    given_by: str
    differs: str


def services_by_category(
    words: str, shows: str
) -> list[tuple[ServiceCategory, list[ListedService]]]:
    """The services whose name or category holds every word; offered, archived or all of them.

    Three queries.
    """
    found = Service.objects.select_related("category", "tax_rate").prefetch_related(
        "staff",
        Prefetch("overrides", ServiceOverride.objects.select_related("location", "staff")),
    )
    if shows != "all":
        found = found.filter(archived_at__isnull=shows != "archived")
    ordered = found.order_by("category__position", "category__name", "name", "pk")
    wanted = words.lower().split()
    fitting = [
        service
        for service in ordered
        if all(word in f"{service.name} {service.category}".lower() for word in wanted)
    ]
    return [
        (category, [_listed(service) for service in services])
        for category, services in groupby(fitting, key=lambda service: service.category)
    ]


def _listed(service: Service) -> ListedService:
    given_by = _names([person.name for person in service.staff.all()])
    differs = _names([str(row.location or row.staff) for row in service.overrides.all()])
    return ListedService(service, given_by or "Everybody", differs)


def _names(names: Sequence[str]) -> str:
    """Maya, Theo, Luca, Hana and 3 more"""
    shown = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return f"{shown} and {more} more" if more > 0 else shown
