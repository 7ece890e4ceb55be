"""What upper floors add to the place where a service is customized, as a small registry.

    service_parts.add(DepositRules())       # in AppConfig.ready()

For the service itself, each location and each person a part brings one form, shown beside price and
minutes, and saves it when Update Service is pressed: in the same transaction, on the same record.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.forms import Form

from salon.models import Location, Service, StaffMember

Holder = Location | StaffMember | None
"""Whose word it is: one location's, one person's; None: the service's own."""


class Part(ABC):
    """One group of fields. Stateless; one instance, added when the program starts."""

    key: ClassVar[str]
    """Of small letters: the prefix of its fields."""

    @abstractmethod
    def forms(
        self, service: Service | None, holders: Sequence[Holder], data: Any = None
    ) -> Mapping[Holder, Form]:
        """A form for each holder that it has fields for, prefixed by `prefix(holder)`.

        `service` is None for a new one; `data` is what was sent. A form's `told`, where it has one,
        says in words what is customized. A fixed number of queries.
        """

    @abstractmethod
    def snapshot(self, service: Service) -> dict[str, str]:
        """What is set, by the setting's name as people read it, for the record of changes."""

    @abstractmethod
    def save(self, service: Service, forms: Mapping[Holder, Form]) -> None:
        """Write what the valid forms say, in the transaction. Refused undoes everything."""

    def prefix(self, holder: Holder) -> str:
        """deposit-location-3, deposit-staff-5; of the service itself: deposit-service"""
        return f"{self.key}-{prefix_of(holder)}"


def prefix_of(holder: Holder) -> str:
    """What tells one holder's fields from another's: location-3, staff-5, service."""
    if holder is None:
        return "service"
    return f"{'location' if isinstance(holder, Location) else 'staff'}-{holder.pk}"


_parts: dict[str, Part] = {}


def add(part: Part) -> None:
    """Show it on the page of every service. Twice the same key is a programming error."""
    if part.key in _parts:
        raise ValueError(f"service part {part.key} is added already")
    _parts[part.key] = part


def parts() -> list[Part]:
    """In the order in which they were added."""
    return list(_parts.values())
