"""What waits for the desk: deposits held, stranded ones, payments waited for, fees to collect.

Held money is `ahead` while its visit is still to come, and stranded once that is canceled, missed,
over, or checked out without it. Each list is cut at PAGE rows; held and stranded go on by key.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from djmoney.money import Money

from appointments.models import Appointment, AppointmentService
from deposits.desk.paid_how import origins
from deposits.fates.carrying import carried_words
from deposits.fates.held import HELD_LOTS
from deposits.models import DepositRequest, Fee
from ledger.models import Lot
from salon import clock
from salon.models import Location
from salon.money import money

PAGE = 50
Status = Appointment.Status


@dataclass(frozen=True)
class Counts:
    """What stands on the tabs."""

    held: int
    held_sum: Money
    stranded: int
    stranded_sum: Money
    waiting: int
    fees: int


@dataclass(frozen=True)
class HeldRow:
    """A visit that money is held for."""

    visit: Appointment
    amount: Money
    how: str
    carried: str
    why: str
    """Why it is stranded: Canceled; over since; checked out without it."""


@dataclass(frozen=True)
class Page:
    """The rows, and the key of the next page; empty at the end."""

    rows: list[HeldRow]
    next: str


def counts_of(location: Location | None) -> Counts:
    """Of one location, or of all. Three queries."""
    sums = _visits(location).aggregate(
        ahead=Count("pk", filter=Q(is_ahead=True)),
        ahead_sum=Sum("held", filter=Q(is_ahead=True)),
        stranded=Count("pk", filter=Q(is_ahead=False)),
        stranded_sum=Sum("held", filter=Q(is_ahead=False)),
    )
    return Counts(
        held=sums["ahead"],
        held_sum=money(sums["ahead_sum"] or 0),
        stranded=sums["stranded"],
        stranded_sum=money(sums["stranded_sum"] or 0),
        waiting=_requests(location).count(),
        fees=_fees(location).count(),
    )


def held_page(location: Location | None, *, stranded: bool, after: str = "") -> Page:
    """PAGE visits from the earliest on, behind the key `after`. Thirteen queries at most."""
    visits = _visits(location).filter(is_ahead=not stranded).order_by("starts_at", "pk")
    if key := _read_key(after):
        starts_at, pk = key
        visits = visits.filter(Q(starts_at__gt=starts_at) | Q(starts_at=starts_at, pk__gt=pk))
    named = visits.select_related("client", "location").prefetch_related(services_named())
    found = list(named[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return Page(_rows(found), _key(found[-1]) if more else "")


def waiting_page(location: Location | None) -> list[DepositRequest]:
    """Whoever is asked for a deposit now, the one that ends first first. At most PAGE. Two
    queries."""
    rows = _requests(location).select_related(
        "appointment__client", "appointment__location", "asked_by"
    )
    named = rows.prefetch_related(services_named("appointment__services"))
    return list(named.order_by("expires_at", "pk")[:PAGE])


def fees_page(location: Location | None) -> list[Fee]:
    """Fees to be collected, the oldest first. At most PAGE. Two queries."""
    rows = _fees(location).select_related("client", "appointment__location", "order")
    named = rows.prefetch_related(services_named("appointment__services"))
    return list(named.order_by("at", "pk")[:PAGE])


def services_named(path: str = "services") -> Prefetch:
    """For `prefetch_related`: services of visits with who gives each, in one query."""
    return Prefetch(path, AppointmentService.objects.select_related("service", "staff"))


def _visits(location: Location | None) -> QuerySet[Any]:
    """Visits with money held, each with how much (`held`, minor units) and whether `is_ahead`."""
    lots = HELD_LOTS.filter(appointment=OuterRef("pk"))
    total = lots.order_by().values("appointment").annotate(total=Sum("remaining")).values("total")
    runs = AppointmentService.objects.filter(appointment=OuterRef("pk"), ends_at__gt=clock.now())
    # From the lots: they are few, visits are many.
    visits = Appointment.objects.filter(pk__in=HELD_LOTS.values("appointment"))
    if location is not None:
        visits = visits.filter(location=location)
    return visits.annotate(
        held=Subquery(total), is_ahead=Q(status__in=Appointment.AHEAD) & Q(Exists(runs))
    )


def _requests(location: Location | None) -> QuerySet[DepositRequest]:
    rows = DepositRequest.objects.filter(status=DepositRequest.Status.WAITING)
    return rows if location is None else rows.filter(appointment__location=location)


def _fees(location: Location | None) -> QuerySet[Fee]:
    rows = Fee.objects.filter(status__in=Fee.TO_COLLECT)
    return rows if location is None else rows.filter(location=location)


def _rows(visits: Sequence[Appointment]) -> list[HeldRow]:
    lots: dict[int, list[Lot]] = defaultdict(list)
    for lot in HELD_LOTS.filter(appointment__in=visits).order_by("pk") if visits else []:
        lots[lot.appointment_id or 0].append(lot)
    paid = origins([lot for some in lots.values() for lot in some])
    carried = carried_words(visits)
    return [
        HeldRow(
            visit=visit,
            amount=money(sum(lot.remaining for lot in lots[visit.pk])),
            how=", ".join(dict.fromkeys(paid[lot.pk].how for lot in lots[visit.pk])),
            carried=carried.get(visit.pk, ""),
            why=_why(visit),
        )
        for visit in visits
    ]


def _why(visit: Appointment) -> str:
    if visit.status == Status.DONE:
        return "Checked out, and not used"
    if visit.status in (Status.BOOKED, Status.CHECKED_IN):
        return "Over, and not checked out"
    return visit.get_status_display()


def _key(visit: Appointment) -> str:
    return f"{int(visit.starts_at.timestamp() * 1_000_000)}-{visit.pk}"


def _read_key(text: str) -> tuple[dt.datetime, int] | None:
    """What an address says; None for what was not made here."""
    micros, _, pk = text.partition("-")
    if not (micros.isdecimal() and pk.isdecimal()) or len(micros) > 17 or len(pk) > 12:
        return None
    since = dt.timedelta(microseconds=int(micros))
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + since, int(pk)
