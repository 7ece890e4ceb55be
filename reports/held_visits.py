"""What is held for which visit, at the end of a day: what is held now, less what came since."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from appointments.models import Appointment, AppointmentService
from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models import Lot, Posting
from salon import clock
from salon.models import Location
from salon.money import currency


@dataclass(frozen=True)
class Held:
    """Minor units. `since`: the day of the oldest money in it, when that was first taken.

    `is_ahead`: on that day the visit was still to come. What stands in the way today (canceled,
    missed, checked out) counts for today alone, since nobody keeps when it came about.
    """

    visit: Appointment
    client: Client
    since: dt.date
    amount: int
    is_ahead: bool


def held_on(on: dt.date, place: Location | None = None) -> list[Held]:
    """Visits with money held at the end of `on`, the earliest first. Four queries.

    `place`: where the money was taken. Reads what is held now, and what was posted after `on`.
    """
    later = _later(on)
    came_since = dict(later.values_list("lot").annotate(Sum("amount")))
    lots = Lot.objects.filter(
        Q(is_open=True) | Q(pk__in=later.values("lot")),
        appointment__isnull=False,
        account__kind=AccountKind.CLIENT_CREDIT,
        account__currency=currency(),
    )
    if place is not None:
        lots = lots.filter(sold_at=place)
    sums: dict[tuple[int, int], int] = defaultdict(int)
    since: dict[tuple[int, int], dt.date] = {}
    for lot in lots.annotate(client_id=F("account__client")):
        if left := lot.remaining + came_since.get(lot.pk, 0):
            key = (lot.appointment_id or 0, lot.client_id)
            sums[key] += left
            since[key] = min(since.get(key, lot.since), lot.since)
    runs = AppointmentService.objects.filter(appointment=OuterRef("pk"), ends_at__gt=clock.now())
    named = Appointment.objects.select_related("location").annotate(runs=Exists(runs))
    visits = named.in_bulk({visit for visit, _ in sums})
    clients = Client.objects.in_bulk({client for _, client in sums})
    found = [
        Held(
            visits[visit], clients[client], since[visit, client], amount, _ahead(visits[visit], on)
        )
        for (visit, client), amount in sums.items()
    ]
    return sorted(found, key=lambda held: (held.visit.starts_at, held.visit.pk))


def why(held: Held) -> str:
    """What stands in the way today: Canceled; Checked out, and not used; Over, …"""
    status = held.visit.status
    if held.is_ahead or status == Appointment.Status.PENDING:
        return ""
    if status == Appointment.Status.DONE:
        return "Checked out, and not used"
    if held.visit.is_open:
        return "Over, and not checked out"
    return held.visit.get_status_display()


def services_of(visits: Iterable[int]) -> dict[int, str]:
    """Cut & finish with Maya, by the visit's id. One query."""
    rows = AppointmentService.objects.filter(appointment__in=set(visits))
    named: dict[int, list[str]] = defaultdict(list)
    for row in rows.select_related("service", "staff"):
        named[row.appointment_id].append(str(row))
    return {visit: ", ".join(services) for visit, services in named.items()}


def _later(on: dt.date) -> QuerySet[Posting]:
    """What held lots lost (above zero) or got after that day. Entries are found by their day."""
    return Posting.objects.filter(
        entry__business_date__gt=on,
        lot__appointment__isnull=False,
        account__kind=AccountKind.CLIENT_CREDIT,
        account__currency=currency(),
    ).order_by()


def _ahead(visit: Any, on: dt.date) -> bool:
    if on >= clock.business_date(visit.location):
        return visit.status in Appointment.AHEAD and visit.runs
    return clock.business_date(visit.location, visit.starts_at) > on
