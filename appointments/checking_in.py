"""The client is here."""

from __future__ import annotations

from django.db import transaction

from appointments.errors import Refused
from appointments.locking import lock
from appointments.models import Appointment

Status = Appointment.Status


@transaction.atomic
def check_in(*, appointment: Appointment) -> Appointment:
    """Booked becomes checked in. Once more changes nothing; any other status is refused."""
    return _move(appointment, Status.BOOKED, Status.CHECKED_IN)


@transaction.atomic
def undo_check_in(*, appointment: Appointment) -> Appointment:
    """The way back: checked in becomes booked."""
    return _move(appointment, Status.CHECKED_IN, Status.BOOKED)


def _move(appointment: Appointment, before: str, after: str) -> Appointment:
    visit = lock(appointment)
    if visit.status == after:
        return visit
    if visit.status != before:
        raise Refused(f"This visit is {visit.get_status_display().lower()}. Nothing was changed.")
    visit.status = after
    visit.save(update_fields=["status"])
    return visit
