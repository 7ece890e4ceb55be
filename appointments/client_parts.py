"""What the book says when a client is merged or archived.

Merged: every visit is the one's who stays. Archived: not while a visit is ahead.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse

from appointments.models import Appointment
from appointments.times import when
from clients import archiving, merge_parts
from clients.merge_parts import Obstacle, Pair, Part, Preview, Row
from clients.models import Client
from salon.desk import Desk

AHEAD = Q(status__in=Appointment.AHEAD)


class VisitsPart(Part):
    position = 20

    def lock(self, pair: Pair) -> None:
        """The visits that move, by id. One query."""
        visits = Appointment.objects.select_for_update().filter(client=pair.gone)
        list(visits.order_by("pk").values_list("pk"))

    def preview(self, pair: Pair) -> Preview:
        """One query."""
        counts = {
            client: (visits, ahead)
            for client, visits, ahead in Appointment.objects.filter(
                client__in=[pair.gone, pair.kept]
            )
            .order_by()
            .values_list("client")
            .annotate(visits=Count("pk"), ahead=Count("pk", filter=AHEAD))
        }
        gone, kept = (counts.get(client.pk, (0, 0)) for client in (pair.gone, pair.kept))
        rows = [Row("Visits", str(gone[0]), str(kept[0]), str(gone[0] + kept[0]))]
        if gone[1] or kept[1]:
            rows.append(Row("Still ahead", str(gone[1]), str(kept[1]), str(gone[1] + kept[1])))
        return Preview(rows=rows, stamp=f"{gone}{kept}")

    def merge(self, pair: Pair, preview: Preview) -> None:
        """One query."""
        Appointment.objects.filter(client=pair.gone).update(client=pair.kept)


def why_not_archive(client: Client, desk: Desk) -> Iterable[Obstacle]:
    """Visits that are not over yet. One query."""
    for visit in client.appointments.filter(AHEAD).select_related("location"):
        yield Obstacle(
            f"A visit is in the book: {when(visit)}. Cancel it or check it out first.",
            url=reverse("appointments:edit", args=[visit.uuid]),
            link="Open the visit",
        )


def register_client_parts() -> None:
    """Called once, when the program starts."""
    merge_parts.add(VisitsPart())
    archiving.ask("appointments", why_not_archive)
