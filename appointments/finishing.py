"""A visit is over when its sale is closed: checkout says so, and takes it back with a void."""

from __future__ import annotations

from appointments.models import Appointment

Status = Appointment.Status


def finish(*, appointment: Appointment) -> Appointment:
    """Checked out. Never refused: whoever paid was here, whatever the book said. One query."""
    Appointment.objects.filter(pk=appointment.pk).update(status=Status.DONE)
    appointment.status = Status.DONE
    return appointment


def reopen(*, appointment: Appointment) -> Appointment:
    """The sale was voided: the client is here and can be checked out again. One query."""
    if Appointment.objects.filter(pk=appointment.pk, status=Status.DONE).update(
        status=Status.CHECKED_IN
    ):
        appointment.status = Status.CHECKED_IN
    return appointment
