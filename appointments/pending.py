"""A visit that is not sure yet: its time is held while the client pays, and given back after that.

    visit = book(..., pending=True)     # booking.py: PENDING, and its time is taken
    confirm(appointment=visit)          # paid: it stands
    lapse(appointment=visit)            # not paid in time: the time is free again
    retake(appointment=visit)           # paid after all: its time again, if nobody has it meanwhile

Upper floors decide when; each is one step, and once more changes nothing.
"""

from __future__ import annotations

from django.db import transaction

from appointments.errors import Refused
from appointments.locking import lock
from appointments.models import Appointment
from appointments.placing import placing, take_time_again

Status = Appointment.Status


@transaction.atomic
def confirm(*, appointment: Appointment) -> Appointment:
    """PENDING becomes BOOKED; one that is open stays as it is. Refused for one that is gone.

    Locks the visit.
    """
    visit = lock(appointment)
    if visit.is_open or visit.status == Status.DONE:
        return visit
    if not visit.is_pending:
        raise Refused(f"This visit is {visit.get_status_display().lower()}. Nothing was changed.")
    visit.status = Status.BOOKED
    visit.save(update_fields=["status"])
    return visit


@transaction.atomic
def lapse(*, appointment: Appointment) -> Appointment:
    """PENDING becomes LAPSED, and its time is free. Any other status stays. Locks the visit."""
    visit = lock(appointment)
    if visit.is_pending:
        visit.status = Status.LAPSED
        visit.save(update_fields=["status"])
        visit.services.update(occupies=False)
    return visit


def retake(*, appointment: Appointment) -> Appointment:
    """LAPSED becomes BOOKED at its old time. `Busy` where somebody has it or is off by now.

    Locks the visit, then its staff.
    """
    with placing(appointment):
        visit = lock(appointment)
        if visit.status != Status.LAPSED:
            return confirm(appointment=visit)
        visit.status = Status.BOOKED
        visit.save(update_fields=["status"])
        take_time_again(visit)
    return visit
