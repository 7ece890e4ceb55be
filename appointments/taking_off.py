"""Time off: somebody takes no visits for a while; and the way back."""

from __future__ import annotations

import datetime as dt
import uuid as uuids

from django.db import transaction

from appointments.errors import Refused
from appointments.locking import lock_staff
from appointments.models import AppointmentService, TimeOff
from appointments.segments import busy
from appointments.times import say_day, say_span, say_time
from salon.changing_settings import record_changes
from salon.desk import Desk
from salon.models import StaffMember

LONGEST = dt.timedelta(days=366)
NAMED = 3
"""So many visits in the way are named, then they are counted."""


class HasVisits(Refused):
    """Visits are in the book then. Added `beside_visits`, they stay until somebody moves them."""


@transaction.atomic
def add_time_off(
    *,
    staff: StaffMember,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    desk: Desk,
    reason: str = "",
    beside_visits: bool = False,
    uuid: uuids.UUID | None = None,
) -> TimeOff:
    """Nobody is booked with them in that stretch from now on. With the form's `uuid`, once.

    `HasVisits` where visits are in the book then, unless `beside_visits`: somebody fell ill, and
    the visits are moved one by one afterwards. Locks the person, as whoever books them does.
    """
    _refuse_unfit(staff, starts_at, ends_at)
    uuid = uuid or uuids.uuid4()
    lock_staff([staff.pk])
    before = TimeOff.objects.filter(uuid=uuid).first()
    if before is not None:
        return _same(before, staff, starts_at, ends_at)
    if not beside_visits:
        _refuse_visits(staff, starts_at, ends_at, desk)
    off = TimeOff.objects.create(
        uuid=uuid,
        staff=staff,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        made_at=desk.at,
        made_by=desk.staff,
    )
    _record(off, desk, before="", after=_told(off, desk))
    return off


@transaction.atomic
def remove_time_off(*, time_off: TimeOff, desk: Desk) -> None:
    """They take visits again in that stretch. Removing it twice is removing it once."""
    lock_staff([time_off.staff_id])
    known = TimeOff.objects.filter(pk=time_off.pk).select_related("staff").first()
    if known is not None:
        _record(known, desk, before=_told(known, desk), after="")
        known.delete()


def _refuse_unfit(staff: StaffMember, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise Refused("Time off ends after it begins. Nothing was saved.", field="last")
    if ends_at - starts_at > LONGEST:
        raise Refused("That is more than a year. Nothing was saved. Check the days.", field="last")
    if not staff.is_provider:
        raise Refused(f"{staff} gives no services. Nothing was saved.", field="staff")


def _same(
    before: TimeOff, staff: StaffMember, starts_at: dt.datetime, ends_at: dt.datetime
) -> TimeOff:
    if (before.staff_id, before.starts_at, before.ends_at) != (staff.pk, starts_at, ends_at):
        raise Refused("This form was already used for other time off. Start a new one.")
    return before


def _refuse_visits(
    staff: StaffMember, starts_at: dt.datetime, ends_at: dt.datetime, desk: Desk
) -> None:
    firsts: dict[int, AppointmentService] = {}
    for row in busy([staff.pk], starts_at, ends_at):
        firsts.setdefault(row.appointment_id, row)
    if not firsts:
        return
    names = [_said(row, desk) for row in firsts.values()]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    raise HasVisits(
        f"{staff} has {len(names)} visit{'s' if len(names) > 1 else ''} then: "
        f"{'; '.join(names[:NAMED])}{more}. Nothing was saved. Move or cancel them first, or add "
        "the time off beside them: they then stay in the book until somebody moves them.",
        field="beside_visits",
    )


def _said(row: AppointmentService, desk: Desk) -> str:
    """Clara Nuñez, Tue, Nov 24, 3:15 pm"""
    zone = desk.location.zone
    day = say_day(row.starts_at.astimezone(zone).date())
    return f"{row.appointment.client}, {day}, {say_time(row.starts_at, zone)}"


def _told(off: TimeOff, desk: Desk) -> str:
    because = f" ({off.reason})" if off.reason else ""
    return f"{say_span(off.starts_at, off.ends_at, desk.location.zone)}{because}"


def _record(off: TimeOff, desk: Desk, *, before: str, after: str) -> None:
    record_changes(
        subject=f"Hours: {off.staff}"[:120],
        before={"time off": before},
        after={"time off": after},
        staff=desk.staff,
        till=desk.till,
    )
