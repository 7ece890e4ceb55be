"""A visit becomes another client's."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from appointments import changes
from appointments.booking import refuse_change
from appointments.canceling import signed, with_line
from appointments.errors import Refused
from appointments.locking import lock
from appointments.models import Appointment
from clients.models import Client
from clients.standing import hold, why_not_served
from salon.desk import Desk


@transaction.atomic
def give_to(
    *,
    appointment: Appointment,
    client: Client,
    desk: Desk,
    seen: str = "",
    answers: Mapping[str, str] | None = None,
) -> Appointment:
    """Give a visit to another client; its time, services and staff stay.

    Who has a stake in it (a deposit, an open sale) is asked first (`changes`). The note keeps whose
    it was. `seen` as in `booking.change`. Refused for a visit that is over or not sure yet, and for
    a client who cannot be served. Locks the visit, then the client, shared: who gives a visit the
    other way does not wait.
    """
    changes.prepare(appointment)
    visit = lock(appointment)
    if visit.client_id == client.pk:
        return visit
    refuse_change(visit, seen)
    hold(client)
    client = Client.objects.get(pk=client.pk)
    if refusal := why_not_served(client):
        raise Refused(f"{refusal} Nothing was saved.", field="client")
    changes.announce(
        changes.Change(changes.Kind.CLIENT, visit, desk, client=client, answers=answers or {})
    )
    visit.note = with_line(visit.note, f"Given from {visit.client} to {client} by {signed(desk)}.")
    visit.client = client
    visit.save(update_fields=["client", "note"])
    return visit
