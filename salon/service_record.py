"""A service with all that is set about it, as people read it: for the record, to tell changes."""

import hashlib
from collections import Counter

from salon.changing_settings import snapshot, subject
from salon.models import Service, ServiceOverride, SettingChange, StaffMember
from salon.service_parts import parts


def stand_of(service: Service) -> dict[str, str]:
    """Every setting by its name: the service's own, "price with Maya", "minutes at Midtown".

    Four queries, and those of the parts of upper floors.
    """
    found = snapshot(service) | differences_of(service)
    for part in parts():
        found |= part.snapshot(service)
    return found


def differences_of(service: Service) -> dict[str, str]:
    """What places and people do differently. One query."""
    rows = list(
        ServiceOverride.objects.filter(service=service)
        .select_related("location", "staff")
        .order_by("pk")
    )
    names = Counter(row.staff.name for row in rows if row.staff)
    found = {}
    for row in rows:
        whose = f"with {_apart(row.staff, names)}" if row.staff else f"at {row.location}"
        if row.price is not None:
            found[f"price {whose}"] = str(row.price)
        if row.minutes is not None:
            found[f"minutes {whose}"] = str(row.minutes)
    return found


def fingerprint(service: Service) -> str:
    """What a page shows of a service, in short: it differs as soon as somebody changed it."""
    return mark(stand_of(service))


def mark(stand: dict[str, str]) -> str:
    """The fingerprint of settings that were read before."""
    return hashlib.sha256(repr(sorted(stand.items())).encode()).hexdigest()[:24]


def last_hand(service: Service) -> str:
    """Who changed it last, by name. One query."""
    change = SettingChange.objects.filter(subject=subject(service)).select_related("staff").first()
    return str(change.staff) if change and change.staff else "somebody else"


def _apart(person: StaffMember, names: Counter[str]) -> str:
    """Two of one name are told apart by what they log in with."""
    return f"{person} ({person.username})" if names[person.name] > 1 else str(person)
