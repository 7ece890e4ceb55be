"""Taking people's time in the book: what Postgres and time off refuse, and how that is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.db import IntegrityError, connection, transaction

from appointments.errors import Busy, Refused
from appointments.free_times import next_starts
from appointments.hours import time_off_between
from appointments.locking import lock_staff
from appointments.models import Appointment, AppointmentService, TimeOff
from appointments.segments import busy, overlap
from appointments.times import say_day, say_span, say_time
from salon import clock, said

USED_UP = "This form was already used for another visit. Start a new one."
ONE_PLACE = "appointments_staff_in_one_place"


@contextmanager
def placing(
    appointment: Appointment, rows: Sequence[AppointmentService] | None = None
) -> Iterator[None]:
    """A transaction in which a visit takes its place; Postgres's refusal is told as `Busy`.

    `rows`: as the visit is to be; without them, as it is in the book.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.errors.ExclusionViolation):
            raise explain_busy(appointment, rows or rows_of(appointment)) from error
        if isinstance(cause, psycopg.errors.UniqueViolation):
            raise Refused(USED_UP) from error
        raise


def rows_of(appointment: Appointment) -> list[AppointmentService]:
    """The services of a visit by time, with what placing them needs. One query."""
    return list(appointment.services.select_related("service", "staff"))


def check_places() -> None:
    """Let Postgres check now, not at commit: IntegrityError when somebody is in two places."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {ONE_PLACE} IMMEDIATE")
        cursor.execute(f"SET CONSTRAINTS {ONE_PLACE} DEFERRED")


def take_time_again(visit: Appointment) -> None:
    """A locked visit that was gone takes its old time again, if it is free and nobody is off then.

    Locks the staff. To be called within `placing`.
    """
    rows = rows_of(visit)
    lock_staff(row.staff_id for row in rows)
    refuse_time_off(visit, rows)
    visit.services.update(occupies=True)
    check_places()


def refuse_time_off(
    visit: Appointment,
    rows: Sequence[AppointmentService],
    *,
    kept: Iterable[AppointmentService] = (),
) -> None:
    """`Busy` when somebody is off while they are wanted. One query, more when refused.

    Called with the staff locked, as whoever adds time off locks them: of a booking and time off at
    once, one sees the other. `kept`: what the visit has already; it may stay where it is.
    """
    stays = {(row.staff_id, row.starts_at, row.ends_at) for row in kept}
    placed = [row for row in rows if (row.staff_id, row.starts_at, row.ends_at) not in stays]
    if not placed:
        return
    since, until = min(r.busy_from for r in placed), max(r.busy_until for r in placed)
    found = [
        off
        for off in time_off_between({row.staff_id for row in placed}, since, until)
        if any(_is_within(row, off) for row in placed)
    ]
    if found:
        names = {row.staff_id: str(row.staff) for row in placed}
        told = " ".join(_said_off(off, names[off.staff_id], visit) for off in found)
        raise _busy(told, visit, rows, "To book then all the same, remove the time off first.")


def explain_busy(
    visit: Appointment,
    rows: Sequence[AppointmentService],
    apart_from: Sequence[Appointment] = (),
) -> Busy:
    """The refusal for rows that overlap with what their staff already have. Four queries.

    `apart_from`: other visits that are not in the way.
    """
    told = " ".join(_said(others, visit) for others in clashes(rows, [visit, *apart_from]))
    return _busy(told or "Somebody was booked at this time just now.", visit, rows)


def clashes(
    rows: Sequence[AppointmentService], apart_from: Sequence[Appointment]
) -> list[list[AppointmentService]]:
    """What is in the way of rows: a list for each person and visit. One query."""
    since, until = min(r.busy_from for r in rows), max(r.busy_until for r in rows)
    found: dict[tuple[int, int], list[AppointmentService]] = {}
    for other in busy({row.staff_id for row in rows}, since, until, apart_from):
        if any(overlap(row, other) for row in rows):
            found.setdefault((other.staff_id, other.appointment_id), []).append(other)
    return list(found.values())


def _busy(
    told: str, visit: Appointment, rows: Sequence[AppointmentService], more: str = ""
) -> Busy:
    free = next_starts(visit, rows)
    day = clock.business_date(visit.location, rows[0].starts_at)
    starts = said.listed(_said_start(start, visit, day) for start in free)
    if len(free) > 1:
        next_ones = f"The next free times are {starts}."
    elif free:
        next_ones = f"The next free time is {starts}."
    else:
        next_ones = "No other time is free that day, nor within working hours in the week after."
    return Busy(" ".join(filter(None, [told, next_ones, "Nothing was saved.", more])), free)


def _said_start(start: dt.datetime, visit: Appointment, day: dt.date) -> str:
    """5:30 pm; on another day Wed, Nov 25, 9:00 am."""
    told, zone = say_time(start, visit.location.zone), visit.location.zone
    is_that_day = clock.business_date(visit.location, start) == day
    return told if is_that_day else f"{say_day(start.astimezone(zone).date())}, {told}"


def _is_within(row: AppointmentService, off: TimeOff) -> bool:
    return (
        off.staff_id == row.staff_id
        and off.starts_at < row.busy_until
        and off.ends_at > row.busy_from
    )


def _said_off(off: TimeOff, name: str, visit: Appointment) -> str:
    """Maya is off from 12:00 pm to 1:00 pm (Lunch)."""
    because = f" ({off.reason})" if off.reason else ""
    return f"{name} is off {say_span(off.starts_at, off.ends_at, visit.location.zone)}{because}."


def _said(others: Sequence[AppointmentService], visit: Appointment) -> str:
    """One sentence on what one staff member has with one client; in order of time."""
    zone, where = visit.location.zone, others[0].appointment.location
    since, until = say_time(others[0].starts_at, zone), say_time(others[-1].ends_at, zone)
    told = f"{others[0].staff} is with {others[0].appointment.client} from {since} to {until}"
    return f"{told}." if where.pk == visit.location_id else f"{told} at {where}."
