"""The services of a visit, one after another, and whether those who give them are free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from appointments.errors import Refused
from appointments.models import Appointment, AppointmentService
from appointments.times import day_bounds
from salon import clock
from salon.models import Location, Service, StaffMember
from salon.terms import LONGEST, TermsBook


@dataclass(frozen=True)
class Wanted:
    """One service, who gives it, and for how long if not as long as it takes with them there."""

    service: Service
    staff: StaffMember
    minutes: int | None = None

    @property
    def length(self) -> dt.timedelta:
        return dt.timedelta(
            minutes=self.minutes if self.minutes is not None else self.service.minutes
        )


def with_usual_minutes(services: Sequence[Wanted], location: Location) -> list[Wanted]:
    """The services with how long each takes: as said, else as it does with that person there.

    One query, none where everything was said.
    """
    asked = [wanted.service for wanted in services if wanted.minutes is None]
    book = TermsBook.at(location, asked) if asked else TermsBook([])
    return [
        wanted
        if wanted.minutes is not None
        else replace(wanted, minutes=book.terms(wanted.service, location, wanted.staff).minutes)
        for wanted in services
    ]


def lay_out(
    appointment: Appointment, starts_at: dt.datetime, services: Sequence[Wanted]
) -> list[AppointmentService]:
    """Rows for the services, each beginning when the one before ends. Not saved.

    Reckoned in UTC: on a wall clock an hour may have none or two hours' worth of minutes. What a
    service keeps free before and after it is busy time of its staff member; between two services of
    one visit with the same person there is nothing to keep free.
    """
    rows = []
    starts_at = starts_at.astimezone(dt.UTC)
    for wanted in services:
        ends_at = starts_at + wanted.length
        rows.append(
            AppointmentService(
                appointment=appointment,
                service=wanted.service,
                staff=wanted.staff,
                starts_at=starts_at,
                ends_at=ends_at,
                busy_from=starts_at - dt.timedelta(minutes=wanted.service.buffer_before),
                busy_until=ends_at + dt.timedelta(minutes=wanted.service.buffer_after),
            )
        )
        starts_at = ends_at
    for one, following in pairwise(rows):
        if one.staff_id == following.staff_id:
            one.busy_until, following.busy_from = one.ends_at, following.starts_at
    return rows


def refuse_unfit(services: Sequence[Wanted], *, kept: Iterable[tuple[int, int]] = ()) -> None:
    """Refuse services that are not offered or too long, and staff who do not give them. One query.

    `kept`: (service, staff) ids that the visit has already; they may stay whatever changed since.
    """
    if not services:
        raise Refused("Choose at least one service.", field="services")
    givers: dict[int, set[int]] = {}
    for service_id, staff_id in Service.staff.through.objects.filter(
        service__in={wanted.service.pk for wanted in services}
    ).values_list("service_id", "staffmember_id"):
        givers.setdefault(service_id, set()).add(staff_id)
    stays = set(kept)
    for wanted in services:
        if not dt.timedelta(0) < wanted.length <= dt.timedelta(minutes=LONGEST):
            raise Refused(
                f"{wanted.service} takes between 1 and {LONGEST} minutes.", field="services"
            )
        if (wanted.service.pk, wanted.staff.pk) not in stays:
            _refuse_pair(wanted, givers.get(wanted.service.pk))


def _refuse_pair(wanted: Wanted, givers: set[int] | None) -> None:
    if wanted.service.is_archived:
        raise Refused(f"{wanted.service} is no longer offered. Choose another.", field="services")
    if not (wanted.staff.is_active and wanted.staff.is_provider):
        raise Refused(
            f"{wanted.staff} does not give services. Choose somebody else.", field="services"
        )
    # A service that names nobody is given by everybody.
    if givers and wanted.staff.pk not in givers:
        raise Refused(f"{wanted.staff} does not give {wanted.service}.", field="services")


def busy(
    staff: Iterable[StaffMember], since: dt.datetime, until: dt.datetime, apart_from: Appointment
) -> list[AppointmentService]:
    """What else the staff have between two moments, by time. One query."""
    return list(
        AppointmentService.objects.filter(
            staff__in=list(staff), occupies=True, busy_from__lt=until, busy_until__gt=since
        )
        .exclude(appointment=apart_from.pk)
        .select_related("staff", "appointment__client", "appointment__location")
        .order_by("starts_at", "id")
    )


def next_free_start(
    rows: Sequence[AppointmentService], taken: Sequence[AppointmentService], last: dt.datetime
) -> dt.datetime | None:
    """The next start before `last` at which the whole visit fits around what is taken.

    Every service keeps its place in the visit; whenever one does not fit, the visit moves on by
    just so much that this one does.
    """
    first = rows[0].starts_at
    moved = dt.timedelta(0)
    while first + moved < last:
        clash = _first_clash(rows, taken, moved)
        if clash is None:
            return first + moved
        moved = clash
    return None


def overlap(
    row: AppointmentService, other: AppointmentService, moved: dt.timedelta = dt.timedelta(0)
) -> bool:
    """Whether `row`, moved on by so much, wants the staff member of `other` at the same time."""
    return (
        other.staff_id == row.staff_id
        and other.busy_from < row.busy_until + moved
        and other.busy_until > row.busy_from + moved
    )


def _first_clash(
    rows: Sequence[AppointmentService], taken: Sequence[AppointmentService], moved: dt.timedelta
) -> dt.timedelta | None:
    """How far the visit has to move to get past the first overlap; None when nothing overlaps."""
    for row in rows:
        for other in taken:
            if overlap(row, other, moved):
                return other.busy_until - row.busy_from
    return None


def end_of_day(appointment: Appointment, starts_at: dt.datetime) -> dt.datetime:
    """When the business day ends that `starts_at` belongs to."""
    location = appointment.location
    return day_bounds(location, clock.business_date(location, starts_at))[1]
