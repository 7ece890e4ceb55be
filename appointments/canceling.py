"""A visit that does not happen: canceled or never came; and the way back."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from django.db import IntegrityError, transaction

from appointments import changes
from appointments.booking import check_places, explain_busy
from appointments.errors import Refused
from appointments.locking import lock, lock_staff
from appointments.models import Appointment
from appointments.times import say_day, say_time
from salon.desk import Desk


@transaction.atomic
def cancel(
    *, appointment: Appointment, reason: str, desk: Desk, answers: Mapping[str, str] | None = None
) -> Appointment:
    """Take a visit out of the book; its staff are free at that time again.

    Who has a stake in the visit is asked first (`changes`). A canceled visit stays as it is.
    """
    return _end(appointment, changes.Kind.CANCELED, reason, desk, answers)


@transaction.atomic
def mark_no_show(
    *,
    appointment: Appointment,
    desk: Desk,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
) -> Appointment:
    """The client never came. Asks and frees the time as canceling does."""
    return _end(appointment, changes.Kind.NO_SHOW, reason, desk, answers)


def restore(*, appointment: Appointment, desk: Desk) -> Appointment:
    """Put a canceled visit back at its time. `Busy` when the time was given away meanwhile."""
    try:
        with transaction.atomic():
            visit = lock(appointment)
            if visit.is_open:
                return visit
            if visit.status not in (Appointment.Status.CANCELED, Appointment.Status.NO_SHOW):
                raise Refused("Only a canceled visit can be put back.")
            visit.status = Appointment.Status.BOOKED
            visit.note = _with_line(visit.note, f"Put back by {desk.staff}, {_said(desk)}.")
            visit.save(update_fields=["status", "note"])
            lock_staff(visit.services.values_list("staff_id", flat=True))
            visit.services.update(occupies=True)
            check_places()
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.ExclusionViolation):
            rows = list(appointment.services.select_related("staff"))
            raise explain_busy(appointment, rows) from error
        raise
    return visit


def _end(
    appointment: Appointment,
    kind: changes.Kind,
    reason: str,
    desk: Desk,
    answers: Mapping[str, str] | None,
) -> Appointment:
    visit = lock(appointment)
    if visit.status == kind.value:
        return visit
    if not visit.is_open:
        raise Refused(
            f"This visit is {visit.get_status_display().lower()}: it can’t be canceled. "
            "Nothing was changed."
        )
    changes.announce(changes.Change(kind, visit, desk, answers=answers or {}))
    visit.status = Appointment.Status(kind.value)
    what = visit.get_status_display()
    because = f": {reason.strip()}" if reason.strip() else "."
    visit.note = _with_line(visit.note, f"{what} by {desk.staff}, {_said(desk)}{because}")
    visit.save(update_fields=["status", "note"])
    visit.services.update(occupies=False)
    return visit


def _said(desk: Desk) -> str:
    zone = desk.location.zone
    return f"{say_day(desk.at.astimezone(zone).date())} {say_time(desk.at, zone)}"


def _with_line(note: str, line: str) -> str:
    return f"{note.rstrip()}\n{line}".lstrip()
