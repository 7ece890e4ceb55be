"""Visits of today in the search over everything: by client, and by who gives the service."""

from collections.abc import Sequence

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.urls import reverse

from appointments.day import Row, visits_of_day
from appointments.models import AppointmentService
from clients.models import SearchText
from salon import clock, search
from salon.desk import Desk


def find_visits(query: str, desk: Desk, limit: int) -> Sequence[search.Hit]:
    """Today's visits here, by time, each leading to its row on Today. Two queries."""
    visits = visits_of_day(desk.location, desk.business_date)
    for word in query.replace("\0", "").split()[:6]:
        with_them = AppointmentService.objects.filter(
            appointment=OuterRef("pk"), staff__name__icontains=word
        )
        needle = SearchText(Value(word, output_field=CharField()))
        visits = visits.filter(Q(client__search__contains=needle) | Exists(with_them))
    now = clock.now()
    return [_hit(Row(visit, desk.location, now)) for visit in visits[:limit]]


def _hit(row: Row) -> search.Hit:
    with_whom = dict.fromkeys(f"{part.service} with {part.staff}" for part in row.parts)
    return search.Hit(
        url=f"{reverse('appointments:today')}#visit-{row.visit.uuid}",
        name=f"{row.time}, {row.visit.client.name}",
        note=", ".join(with_whom),
        end=row.visit.get_status_display(),
    )
