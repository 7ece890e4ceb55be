"""Putting a visit in the book, and changing it. Nobody is in two places at once."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from collections.abc import Mapping, Sequence

import psycopg
from django.db import IntegrityError, connection, transaction

from appointments import changes
from appointments.errors import Busy, Refused, StaleVisit
from appointments.locking import lock, lock_staff
from appointments.models import Appointment, AppointmentService, VisitMove
from appointments.segments import (
    Wanted,
    busy,
    end_of_day,
    lay_out,
    next_free_start,
    overlap,
    refuse_unfit,
    with_usual_minutes,
)
from appointments.times import say_time
from clients.models import Client
from clients.standing import why_not_served
from salon.desk import Desk

USED_UP = "This form was already used for another visit. Start a new one."
ONE_PLACE = "appointments_staff_in_one_place"


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

    With the form's `uuid`, the form sent twice books once. `Busy` names who already has a visit and
    when, and the next start that day at which all of this one fits. Locks the staff it needs.
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
    try:
        with transaction.atomic():
            lock_staff(row.staff_id for row in rows)
            before = Appointment.objects.filter(uuid=visit.uuid).first()
            if before is not None:
                return _same(before, visit)
            visit.save()
            _write(rows)
    except IntegrityError as error:
        raise explained(error, visit, rows) from error
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
    meanwhile. A new start is a move, and who has a stake in the visit is asked (`changes`).
    Locks the visit, then the staff.
    """
    starts_at = starts_at.astimezone(dt.UTC)
    services = with_usual_minutes(services, appointment.location)
    rows = lay_out(appointment, starts_at, services)
    try:
        with transaction.atomic():
            visit = lock(appointment)
            _refuse_change(visit, seen)
            refuse_unfit(services, kept=visit.services.values_list("service_id", "staff_id"))
            lock_staff(row.staff_id for row in rows)
            if visit.starts_at != starts_at:
                changes.announce(
                    changes.Change(
                        changes.Kind.MOVED, visit, desk, starts_at, answers=answers or {}
                    )
                )
                VisitMove.objects.create(
                    appointment=visit,
                    at=desk.at,
                    by=desk.staff,
                    from_starts_at=visit.starts_at,
                    to_starts_at=starts_at,
                )
            visit.starts_at, visit.note = starts_at, note
            visit.save(update_fields=["starts_at", "note"])
            visit.services.all().delete()
            _write(rows)
    except IntegrityError as error:
        raise explained(error, appointment, rows) from error
    return visit


def fingerprint(visit: Appointment) -> str:
    """What a page shows of a visit, in short: it differs as soon as another desk changed the visit.

    Reads the visit's services (prefetched ones are used).
    """
    parts = [visit.status, f"{visit.starts_at.timestamp()}", visit.note]
    parts += [
        f"{row.service_id}/{row.staff_id}/{row.ends_at.timestamp()}" for row in visit.services.all()
    ]
    return str(uuids.uuid5(visit.uuid, "|".join(parts)))


def _refuse_change(visit: Appointment, seen: str) -> None:
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


def _write(rows: Sequence[AppointmentService]) -> None:
    AppointmentService.objects.bulk_create(rows)
    check_places()


def check_places() -> None:
    """Let Postgres check now, not at commit: IntegrityError when somebody is in two places."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {ONE_PLACE} IMMEDIATE")
        cursor.execute(f"SET CONSTRAINTS {ONE_PLACE} DEFERRED")


def explained(
    error: IntegrityError, visit: Appointment, rows: Sequence[AppointmentService]
) -> Exception:
    """Who is busy and when, and the next free start; any other error stays what it is."""
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.ExclusionViolation):
        return explain_busy(visit, rows)
    if isinstance(cause, psycopg.errors.UniqueViolation):
        return Refused(USED_UP)
    return error


def explain_busy(visit: Appointment, rows: Sequence[AppointmentService]) -> Busy:
    """The refusal for rows that overlap with what their staff already have. One query."""
    last = end_of_day(visit, rows[0].starts_at)
    until = max(last, rows[-1].ends_at) + (rows[-1].ends_at - rows[0].starts_at)
    taken = busy({row.staff for row in rows}, rows[0].starts_at, until, apart_from=visit)
    free = next_free_start(rows, taken, last)
    clashes: dict[tuple[int, int], list[AppointmentService]] = {}
    for other in taken:
        if any(overlap(row, other) for row in rows):
            clashes.setdefault((other.staff_id, other.appointment_id), []).append(other)
    told = " ".join(_said(others, visit) for others in clashes.values()) or (
        "Somebody was booked at this time just now."
    )
    if free:
        told += f" The next free start that day is {say_time(free, visit.location.zone)}."
    else:
        told += " No other start is free that day."
    return Busy(f"{told} Nothing was saved.", next_free=free)


def _said(others: Sequence[AppointmentService], visit: Appointment) -> str:
    """One sentence on what one staff member has with one client; in order of time."""
    zone, where = visit.location.zone, others[0].appointment.location
    since, until = say_time(others[0].starts_at, zone), say_time(others[-1].ends_at, zone)
    told = f"{others[0].staff} is with {others[0].appointment.client} from {since} to {until}"
    return f"{told}." if where.pk == visit.location_id else f"{told} at {where}."
