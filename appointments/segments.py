"""The services of a visit, one after another, and whether those who give them are free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from appointments.errors import Refused
from appointments.models import Appointment, AppointmentService
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

    Reckoned in UTC: on a wall clock an hour may have none or two hours' worth of minutes.
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
            )
        )
        starts_at = ends_at
    keep_free(rows)
    return rows


def keep_free(rows: Sequence[AppointmentService]) -> None:
    """Set from when until when each service of a visit keeps its staff member busy.

    What a service keeps free before and after it is busy time. Between two services of one visit
    with the same person it never overlaps; and where one follows the other at once, there is none.
    """
    mine: dict[int, AppointmentService] = {}
    for row in sorted(rows, key=lambda row: row.starts_at):
        row.busy_from = row.starts_at - dt.timedelta(minutes=row.service.buffer_before)
        row.busy_until = row.ends_at + dt.timedelta(minutes=row.service.buffer_after)
        earlier = mine.get(row.staff_id)
        if earlier is not None:
            earlier.busy_until = min(earlier.busy_until, row.starts_at)
            row.busy_from = max(row.busy_from, earlier.busy_until)
        mine[row.staff_id] = row


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
    staff: Iterable[int],
    since: dt.datetime,
    until: dt.datetime,
    apart_from: Iterable[Appointment] = (),
) -> list[AppointmentService]:
    """What else the staff have between two moments, by time. One query."""
    return list(
        AppointmentService.objects.filter(
            staff__in=list(staff), occupies=True, busy_from__lt=until, busy_until__gt=since
        )
        .exclude(appointment__in=[visit.pk for visit in apart_from if visit.pk])
        .select_related("staff", "appointment__client", "appointment__location")
        .order_by("starts_at", "id")
    )


def overlap(row: AppointmentService, other: AppointmentService) -> bool:
    """Whether both want the same staff member at the same time."""
    return (
        other.staff_id == row.staff_id
        and other.busy_from < row.busy_until
        and other.busy_until > row.busy_from
    )
