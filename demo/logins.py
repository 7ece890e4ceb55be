"""Who can log in to the demo."""

from functools import cache

from django.contrib.auth.hashers import check_password

from demo.places import PASSWORD, PINS
from salon.models import StaffMember


def lines() -> list[str]:
    """One login for each role, to be printed; nothing where the demo's passwords were changed."""
    fits = cache(lambda encoded: check_password(PASSWORD, encoded))
    first: dict[str, StaffMember] = {}
    staff = StaffMember.objects.filter(is_active=True, role__isnull=False)
    for person in staff.select_related("role", "location").order_by("role_id", "id"):
        if str(person.role) not in first and fits(person.password):
            first[str(person.role)] = person
    if not first:
        return []
    told = [
        f"    {p.username:<8} {role:<12} {p.location!s:<10} {_pin(p)}".rstrip()
        for role, p in first.items()
    ]
    return [f"  Log in with the password “{PASSWORD}” as", *told]


def _pin(person: StaffMember) -> str:
    """The PIN that switches to them, unless they changed it."""
    pin = PINS.get(person.name, "")
    return f"PIN {pin}" if pin and check_password(pin, person.pin) else ""
