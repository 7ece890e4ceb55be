"""A visit that does not happen: canceled in time or late, or never came; and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from appointments import changes
from appointments.errors import Refused
from appointments.locking import lock
from appointments.models import Appointment
from appointments.placing import placing, take_time_again
from appointments.times import say_day, say_time
from salon.desk import Desk

RESTORED = (Appointment.Status.CANCELED, Appointment.Status.NO_SHOW, Appointment.Status.LATE)


@transaction.atomic
def cancel(
    *, appointment: Appointment, reason: str, desk: Desk, answers: Mapping[str, str] | None = None
) -> Appointment:
    """Take a visit out of the book; its staff are free at that time again.

    Who has a stake in the visit is asked first (`changes`). A canceled visit stays as it is. One
    whose deposit is being paid can be canceled, too.
    """
    return _end(appointment, changes.Kind.CANCELED, reason, desk, answers)


@transaction.atomic
def mark_late(
    *, appointment: Appointment, reason: str, desk: Desk, answers: Mapping[str, str] | None = None
) -> Appointment:
    """Canceled after the deadline. Asks and frees the time as canceling does."""
    return _end(appointment, changes.Kind.LATE, reason, desk, answers)


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
    with placing(appointment):
        changes.prepare(appointment)
        visit = lock(appointment)
        if visit.is_open:
            return visit
        if visit.status not in RESTORED:
            raise Refused(
                f"This visit is {visit.get_status_display().lower()}. Only a canceled visit can be "
                "put back. Nothing was changed."
            )
        visit.status = Appointment.Status.BOOKED
        visit.note = with_line(visit.note, f"Put back by {signed(desk)}.")
        visit.save(update_fields=["status", "note"])
        take_time_again(visit)
    return visit


def _end(
    appointment: Appointment,
    kind: changes.Kind,
    reason: str,
    desk: Desk,
    answers: Mapping[str, str] | None,
) -> Appointment:
    changes.prepare(appointment)
    visit = lock(appointment)
    if visit.status == kind.value:
        return visit
    if not (visit.is_open or (visit.is_pending and kind == changes.Kind.CANCELED)):
        raise Refused(
            f"This visit is {visit.get_status_display().lower()}: it can’t be canceled. "
            "Nothing was changed."
        )
    changes.announce(changes.Change(kind, visit, desk, answers=answers or {}))
    visit.status = Appointment.Status(kind.value)
    what = visit.get_status_display()
    because = f": {reason.strip()}" if reason.strip() else "."
    visit.note = with_line(visit.note, f"{what} by {signed(desk)}{because}")
    visit.save(update_fields=["status", "note"])
    visit.services.update(occupies=False)
    return visit


def signed(desk: Desk) -> str:
    """Who did it and when: "Jo, Tue, Nov 24 9:00 am"; for nobody at a desk "the client, online"."""
    zone = desk.location.zone
    who = desk.staff or "the client, online"
    return f"{who}, {say_day(desk.at.astimezone(zone).date())} {say_time(desk.at, zone)}"


def with_line(note: str, line: str) -> str:
    """A visit's note with one more line."""
    return f"{note.rstrip()}\n{line}".lstrip()
