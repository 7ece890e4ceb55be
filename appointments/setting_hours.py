"""Saying when a location is open, and when somebody works there. Visits in the book stay."""

from __future__ import annotations

import hashlib

from django.db import transaction

from appointments.errors import Refused
from appointments.hours import Week
from appointments.models import WorkingHours
from appointments.weeks import stand_of
from salon.changing_settings import record_changes
from salon.models import Location, StaffMember, Till

MOST = 2
"""Stretches of one day: with one break between them, as the page shows them."""


@transaction.atomic
def set_hours(
    *,
    location: Location,
    staff: StaffMember | None,
    week: Week,
    by: StaffMember,
    till: Till | None = None,
    seen: str = "",
) -> Week:
    """Replace a location's opening hours, or with `staff` that person's own hours there.

    An empty week of a person's: they have none of their own there any more, and follow (hours.py).
    `seen` is the `fingerprint` of the week that the page showed: refused when somebody else changed
    it meanwhile. The same week twice is recorded once. Locks the location.
    """
    Location.objects.select_for_update(no_key=True).get(pk=location.pk)
    _refuse_unfit(week, staff)
    week = {day: tuple(sorted(times)) for day, times in week.items() if times}
    before = week_at(location, staff)
    if week == before:
        return week
    if seen and seen != fingerprint(before):
        raise Refused(
            "These hours were changed by somebody else after this page was opened. Nothing was "
            "saved. Load the page again and change them as they are now."
        )
    WorkingHours.objects.filter(location=location, staff=staff).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(location=location, staff=staff, weekday=day, starts=starts, ends=ends)
        for day, times in week.items()
        for starts, ends in times
    )
    whose = f"{staff} at {location}" if staff else str(location)
    record_changes(
        subject=f"Hours: {whose}"[:120],
        before=_stand(before, staff),
        after=_stand(week, staff),
        staff=by,
        till=till,
    )
    return week


def week_at(location: Location, staff: StaffMember | None) -> Week:
    """A location's opening hours, or somebody's own hours there; empty where none are set.

    One query.
    """
    week: Week = {}
    rows = WorkingHours.objects.filter(location=location, staff=staff).order_by("starts")
    for row in rows:
        week[row.weekday] = (*week.get(row.weekday, ()), (row.starts, row.ends))
    return week


def fingerprint(week: Week) -> str:
    """A week in short: it differs as soon as somebody changed it."""
    return hashlib.sha256(repr(sorted(week.items())).encode()).hexdigest()[:24]


def _stand(week: Week, staff: StaffMember | None) -> dict[str, str]:
    if staff is not None and not week:
        return {"own hours": "none", **dict.fromkeys(stand_of(week), "")}
    return ({"own hours": "yes"} if staff else {}) | stand_of(week)


def _refuse_unfit(week: Week, staff: StaffMember | None) -> None:
    if staff is not None and not staff.is_provider:
        raise Refused(f"{staff} gives no services. Nothing was saved.")
    for times in week.values():
        in_order = sorted(times)
        ends = [end for _, end in in_order]
        starts = [start for start, _ in in_order]
        if any(start >= end for start, end in in_order) or any(
            end > start for end, start in zip(ends, starts[1:], strict=False)
        ):
            raise Refused("Hours of one day overlap or end before they begin. Nothing was saved.")
        if len(in_order) > MOST:
            raise Refused(f"A day has at most {MOST} stretches of hours. Nothing was saved.")
