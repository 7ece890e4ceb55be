"""Putting a visit in the book, and changing it. Nobody is in two places at once."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from collections.abc import Mapping, Sequence

from appointments import changes
from appointments.errors import Refused, StaleVisit
from appointments.locking import lock, lock_staff
from appointments.models import Appointment, AppointmentService, VisitMove
from appointments.placing import USED_UP, check_places, placing, refuse_time_off
from appointments.segments import Wanted, lay_out, refuse_unfit, with_usual_minutes
from clients.models import Client
from clients.standing import why_not_served
from salon.desk import Desk


def book(
    *,
    client: Client,
    starts_at: dt.datetime,
    services: Sequence[Wanted],
    desk: Desk,
    note: str = "",
    uuid: uuids.UUID | None = None,
    pending: bool = False,
) -> Appointment:
    """A new visit at the desk's location; its services follow one another from `starts_at`.

    `pending`: it holds its time and is not sure yet (pending.py).

    With the form's `uuid`, the form sent twice books once. `Busy` names who already has a visit or
    is off and when, and the next starts at which all of this one fits. Outside of working hours one
    may book: a salon works overtime. Locks the staff it needs.
    """
    if refusal := why_not_served(client):
        raise Refused(refusal, field="client")
    services = with_usual_minutes(services, desk.location)
    refuse_unfit(services)
    starts_at = starts_at.astimezone(dt.UTC)
    visit = Appointment(
        uuid=uuid or uuids.uuid4(),
        client=client,
        location=desk.location,
        starts_at=starts_at,
        note=note,
        created_by=desk.staff,
        status=Appointment.Status.PENDING if pending else Appointment.Status.BOOKED,
    )
    rows = lay_out(visit, starts_at, services)
    with placing(visit, rows):
        lock_staff(row.staff_id for row in rows)
        before = Appointment.objects.filter(uuid=visit.uuid).first()
        if before is not None:
            return _same(before, visit)
        refuse_time_off(visit, rows)
        visit.save()
        AppointmentService.objects.bulk_create(rows)
        check_places()
    return visit


def change(
    *,
    appointment: Appointment,
    starts_at: dt.datetime,
    services: Sequence[Wanted],
    desk: Desk,
    note: str = "",
    seen: str = "",
    answers: Mapping[str, str] | None = None,
) -> Appointment:
    """Give a visit another time, other services or staff, or another note.

    `seen` is the `fingerprint` of what the person saw: `StaleVisit` when another desk changed it
    meanwhile. A new start is a move, and who has a stake in the visit is asked (`changes`). What
    stays where it was may stay, even in time off. Locks the visit, then the staff.
    """
    starts_at = starts_at.astimezone(dt.UTC)
    services = with_usual_minutes(services, appointment.location)
    rows = lay_out(appointment, starts_at, services)
    with placing(appointment, rows):
        changes.prepare(appointment)
        visit = lock(appointment)
        refuse_change(visit, seen)
        before = list(visit.services.all())
        refuse_unfit(services, kept=[(row.service_id, row.staff_id) for row in before])
        lock_staff(row.staff_id for row in rows)
        announce_move(visit, starts_at, desk, answers)
        refuse_time_off(visit, rows, kept=before)
        visit.starts_at, visit.note = starts_at, note
        visit.save(update_fields=["starts_at", "note"])
        visit.services.all().delete()
        AppointmentService.objects.bulk_create(rows)
        check_places()
    return visit


def announce_move(
    visit: Appointment, starts_at: dt.datetime, desk: Desk, answers: Mapping[str, str] | None
) -> None:
    """Ask who has a stake in a locked visit before it gets another start, and write the move down.

    Nothing when the start stays.
    """
    if visit.starts_at == starts_at:
        return
    changes.announce(
        changes.Change(changes.Kind.MOVED, visit, desk, starts_at, answers=answers or {})
    )
    VisitMove.objects.create(
        appointment=visit,
        at=desk.at,
        by=desk.staff,
        from_starts_at=visit.starts_at,
        to_starts_at=starts_at,
    )


def fingerprint(visit: Appointment) -> str:
    """What a page shows of a visit, in short: it differs as soon as another desk changed the visit.

    Reads the visit's services (prefetched ones are used).
    """
    parts = [visit.status, f"{visit.starts_at.timestamp()}", visit.note]
    parts += [
        f"{row.service_id}/{row.staff_id}/{row.ends_at.timestamp()}" for row in visit.services.all()
    ]
    return str(uuids.uuid5(visit.uuid, "|".join(parts)))


def refuse_change(visit: Appointment, seen: str = "") -> None:
    """Refuse for a locked visit that is over or not sure yet, or that another desk changed."""
    if visit.is_pending:
        raise Refused(
            f"{visit.client} is paying the deposit for this visit just now. Nothing was saved. "
            "Wait until it is paid or its time is free again, or cancel it."
        )
    if not visit.is_open:
        raise Refused(
            f"This visit is {visit.get_status_display().lower()}: it can’t be changed any more. "
            "Nothing was saved."
        )
    if seen and seen != fingerprint(visit):
        raise StaleVisit(
            "This visit was changed at another desk meanwhile. Nothing was saved. "
            "Look at it as it is now and change it again."
        )


def _same(before: Appointment, visit: Appointment) -> Appointment:
    """The form arrived twice: the visit it made, or a refusal when it says something else."""
    if (before.client_id, before.starts_at) != (visit.client_id, visit.starts_at):
        raise Refused(USED_UP)
    return before
