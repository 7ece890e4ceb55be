"""What can be chosen on the visit form, loaded once for all of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Q

from appointments.hours import works_at
from appointments.models import Appointment
from salon.models import Location, Service, StaffMember
from salon.terms import TermsBook

Choices = list[tuple[str, str | list[tuple[str, str]]]]


class Catalog:
    """Services that are offered and staff of a location, and what a visit has already.

    Four queries: services, who gives them, staff, what people and the location do differently.
    """

    def __init__(self, location: Location, visit: Appointment | None = None) -> None:
        rows = list(visit.services.all()) if visit else []
        has_services = {row.service_id for row in rows}
        has_staff = {row.staff_id for row in rows}
        self.services = {
            service.pk: service
            for service in Service.objects.select_related("category").order_by(
                "category__position", "category__name", "name", "id"
            )
            if not service.is_archived or service.pk in has_services
        }
        self.staff = {
            person.pk: person
            for person in StaffMember.objects.filter(
                Q(works_at(location), is_active=True, is_provider=True) | Q(pk__in=has_staff)
            ).order_by("name", "id")
        }
        self.givers: dict[int, list[int]] = {}
        for service_id, staff_id in Service.staff.through.objects.values_list(
            "service_id", "staffmember_id"
        ):
            self.givers.setdefault(service_id, []).append(staff_id)
        self.location = location
        self.book = TermsBook.at(location)

    def minutes(self, service: Service, staff: StaffMember | None = None) -> int:
        """How long it takes here, with this person or whoever."""
        return self.book.terms(service, self.location, staff).minutes

    def own_minutes(self, service: Service) -> dict[int, int]:
        """Who takes longer or shorter than others here: minutes by the person's id."""
        usual = self.minutes(service)
        found = {pk: self.minutes(service, person) for pk, person in self.staff.items()}
        return {pk: minutes for pk, minutes in found.items() if minutes != usual}

    def service_choices(self) -> Choices:
        """By category, each with its time."""
        return [("", "Choose a service"), *self._groups()]

    def staff_choices(self) -> Choices:
        return [("", "Choose"), *((str(pk), person.name) for pk, person in self.staff.items())]

    def _groups(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for category, services in groupby(self.services.values(), key=lambda s: s.category):
            yield (
                category.name,
                [(str(s.pk), f"{s.name} · {self.minutes(s)} min") for s in services],
            )
