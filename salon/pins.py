"""PINs: how a person takes over a shared tablet. A PIN is kept hashed, as passwords are."""

from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q, QuerySet

from salon.changing_settings import record_changes, subject
from salon.models import Location, StaffMember, Till

SHORTEST, LONGEST = 4, 6
"""Digits."""


def what_is_wrong(pin: str) -> str:
    """Why this cannot be a PIN, in the words of the page; nothing when it can."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        return f"Enter {SHORTEST} to {LONGEST} digits."
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        return "That is among the first that anybody would try. Choose another one."
    return ""


@transaction.atomic
def set_pin(*, staff: StaffMember, pin: str, till: Till | None = None) -> StaffMember:
    """Give somebody a PIN, or another one. ValueError for what `what_is_wrong` names.

    `till`: where they stand.
    """
    if wrong := what_is_wrong(pin):
        raise ValueError(wrong)
    what = "changed" if staff.pin else "set"
    return _write(staff, make_password(pin), what, by=staff, till=till)


@transaction.atomic
def clear_pin(*, staff: StaffMember, by: StaffMember, till: Till | None = None) -> StaffMember:
    """Without a PIN a person logs in with the password again."""
    return _write(staff, "", "cleared", by=by, till=till) if staff.pin else staff


def fits(staff: StaffMember, pin: str) -> bool:
    """Whether this PIN lets this person take over. As slow as a password, on purpose."""
    return can_switch(staff) and check_password(pin, staff.pin)


def can_switch(staff: StaffMember) -> bool:
    """A PIN is a shorter way for who could log in; never the only way in."""
    return bool(staff.is_active and staff.pin and staff.has_usable_password())


def people_at(location: Location) -> list[StaffMember]:
    """Who may take over at a location: with a PIN, and working there or anywhere. One query."""
    people: QuerySet[StaffMember] = StaffMember.objects.filter(
        Q(location=location) | Q(location=None), is_active=True
    )
    return [person for person in people.exclude(pin="") if can_switch(person)]


def _write(
    staff: StaffMember, pin: str, what: str, *, by: StaffMember, till: Till | None
) -> StaffMember:
    before = "set" if staff.pin else ""
    staff.pin = pin
    staff.save(update_fields=["pin"])
    record_changes(
        subject=subject(staff), before={"PIN": before}, after={"PIN": what}, staff=by, till=till
    )
    return staff
