"""A visit at another time, or with somebody else, as it is: services and lengths stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from appointments import changes
from appointments.booking import announce_move, refuse_change
from appointments.errors import Refused
from appointments.locking import lock, lock_staff
from appointments.models import Appointment, AppointmentService
from appointments.placing import (
    check_places,
    clashes,
    explain_busy,
    placing,
    refuse_time_off,
    rows_of,
)
from appointments.segments import Wanted, keep_free, refuse_unfit
from salon.desk import Desk
from salon.models import StaffMember


def move(
    *,
    appointment: Appointment,
    starts_at: dt.datetime,
    desk: Desk,
    staff: Mapping[int, StaffMember] | None = None,
    seen: str = "",
    answers: Mapping[str, str] | None = None,
) -> Appointment:
    """Give a visit another start; `staff`: by a service row's id, who gives that one instead.

    Every service keeps its length and its place in the visit. `seen` as in `booking.change`. A new
    start is asked about (`changes`) and written down as a `VisitMove`; with the same start and the
    same people nothing happens. `Busy` names who is busy or off, and the next free starts. Locks
    the visit, then the staff.
    """
    starts_at = starts_at.astimezone(dt.UTC)
    rows = rows_of(appointment)
    with placing(appointment, rows):
        changes.prepare(appointment)
        visit = lock(appointment)
        refuse_change(visit, seen)
        before, rows[:] = rows_of(visit), _moved(visit, starts_at, staff or {})
        refuse_unfit(
            [_wanted(row) for row in rows],
            kept=[(row.service_id, row.staff_id) for row in before],
        )
        lock_staff(row.staff_id for row in rows)
        announce_move(visit, starts_at, desk, answers)
        refuse_time_off(visit, rows, kept=before)
        _write(visit, starts_at, rows)
        check_places()
    return visit


def swap(
    *,
    first: Appointment,
    second: Appointment,
    desk: Desk,
    answers: Mapping[str, str] | None = None,
) -> tuple[Appointment, Appointment]:
    """Each of two visits gets the start of the other; people and lengths stay with each.

    Postgres looks at the places of both at the end only, so neither is in the other's way. Locks
    both visits, then their staff.
    """
    if first.pk == second.pk:
        raise Refused("Choose two different visits. Nothing was saved.")
    pair = sorted((first, second), key=lambda visit: visit.pk)
    with transaction.atomic():
        for visit in pair:
            changes.prepare(visit)
        one, other = (lock(visit) for visit in pair)
        for visit in (one, other):
            refuse_change(visit)
        starts = {one.pk: other.starts_at, other.pk: one.starts_at}
        rows = {visit.pk: _moved(visit, starts[visit.pk], {}) for visit in (one, other)}
        lock_staff(row.staff_id for of_one in rows.values() for row in of_one)
        for visit in (one, other):
            announce_move(visit, starts[visit.pk], desk, answers)
            refuse_time_off(visit, rows[visit.pk])
        try:
            with transaction.atomic():
                for visit in (one, other):
                    _write(visit, starts[visit.pk], rows[visit.pk])
                check_places()
        except IntegrityError as error:
            raise _no_swap(one, other, rows) from error
    return (one, other) if one.pk == first.pk else (other, one)


def _no_swap(
    one: Appointment, other: Appointment, rows: Mapping[int, Sequence[AppointmentService]]
) -> Refused:
    """Who is in the way of which of the two; or they are in the way of each other."""
    for visit, partner in ((one, other), (other, one)):
        if clashes(rows[visit.pk], [visit, partner]):
            return explain_busy(visit, rows[visit.pk], apart_from=[partner])
    return Refused(
        f"The visits of {one.client} and {other.client} are not equally long: in each other’s "
        "places they would overlap. Nothing was saved. Move one of them first.",
        field="time",
    )


def _moved(
    visit: Appointment, starts_at: dt.datetime, staff: Mapping[int, StaffMember]
) -> list[AppointmentService]:
    """The services of a visit as they are to be. Not saved. One query."""
    rows = rows_of(visit)
    if not set(staff) <= {row.pk for row in rows}:
        raise Refused(
            "The services of this visit were changed at another desk meanwhile. Nothing was "
            "saved. Look at it as it is now and move it again."
        )
    later = starts_at - visit.starts_at
    for row in rows:
        row.staff = staff.get(row.pk, row.staff)
        row.starts_at, row.ends_at = row.starts_at + later, row.ends_at + later
    keep_free(rows)
    return rows


def _write(visit: Appointment, starts_at: dt.datetime, rows: Sequence[AppointmentService]) -> None:
    visit.starts_at = starts_at
    visit.save(update_fields=["starts_at"])
    AppointmentService.objects.bulk_update(
        rows, ["staff", "starts_at", "ends_at", "busy_from", "busy_until"]
    )


def _wanted(row: AppointmentService) -> Wanted:
    return Wanted(row.service, row.staff, int((row.ends_at - row.starts_at).total_seconds()) // 60)
