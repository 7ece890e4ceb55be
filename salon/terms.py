"""What a service costs and how long it takes: the person's own, the location's, the service's.

    book = TermsBook.at(location)
    book.terms(service, maya).price      # hers, else Midtown's, else the service's

Price and time are decided apart: somebody may take longer for the same money. A person's own word
goes with them to every location.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from djmoney.money import Money

from salon.models import Location, Service, ServiceOverride, StaffMember

LONGEST = 12 * 60
"""Minutes of one service: more is a slip of the finger."""
LONGEST_BUFFER = 4 * 60
"""Minutes that a service keeps free before it, or after it."""


class Won(StrEnum):
    """Whose word counted."""

    SERVICE = "service"
    LOCATION = "location"
    STAFF = "staff"


@dataclass(frozen=True)
class ServiceTerms:
    """Price without tax and minutes, and whose word each is."""

    price: Money
    minutes: int
    price_from: Won = Won.SERVICE
    minutes_from: Won = Won.SERVICE


class TermsBook:
    """What locations and people do differently, loaded once: no query for each line."""

    def __init__(self, overrides: Iterable[ServiceOverride]) -> None:
        self._by_place: dict[tuple[int, int], ServiceOverride] = {}
        self._by_person: dict[tuple[int, int], ServiceOverride] = {}
        for row in overrides:
            if row.staff_id is not None:
                self._by_person[row.service_id, row.staff_id] = row
            elif row.location_id is not None:
                self._by_place[row.service_id, row.location_id] = row

    @classmethod
    def at(cls, location: Location, services: Iterable[Service] | None = None) -> "TermsBook":
        """Of one location and everybody; of these services only, if given. One query."""
        rows = ServiceOverride.objects.filter(Q(location=location) | Q(location=None))
        if services is not None:
            rows = rows.filter(service__in={service.pk for service in services})
        return cls(rows)

    def terms(
        self, service: Service, location: Location | None, staff: StaffMember | None = None
    ) -> ServiceTerms:
        """What counts for this service there, with this person or whoever. No queries."""
        ways = [
            (Won.LOCATION, self._by_place.get((service.pk, location.pk)) if location else None),
            (Won.STAFF, self._by_person.get((service.pk, staff.pk)) if staff else None),
        ]
        price, price_from = service.price, Won.SERVICE
        minutes, minutes_from = service.minutes, Won.SERVICE
        for won, row in ways:
            if row is not None and row.price is not None:
                price, price_from = row.price, won
            if row is not None and row.minutes is not None:
                minutes, minutes_from = row.minutes, won
        return ServiceTerms(price, minutes, price_from, minutes_from)


def usual_minutes(*, service: str, location: str, staff: str) -> Coalesce:
    """How long a row's service takes, for `annotate`: three names of foreign keys of the row."""

    def own(**whose: OuterRef) -> Subquery:
        rows: QuerySet[ServiceOverride] = ServiceOverride.objects.filter(
            service=OuterRef(service), **whose
        )
        return Subquery(rows.values("minutes")[:1])

    return Coalesce(
        own(staff=OuterRef(staff)), own(location=OuterRef(location)), F(f"{service}__minutes")
    )
