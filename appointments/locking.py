"""One visit, and one person's time, for one desk at a time. A visit is locked before its staff."""

from __future__ import annotations

from collections.abc import Iterable

from appointments.models import Appointment
from salon.models import StaffMember
from salon.waiting import locked_row


def lock(appointment: Appointment) -> Appointment:
    """The visit as it is now, locked until the end of the transaction. One query."""
    rows = Appointment.objects.select_for_update(of=("self",))
    return locked_row(rows.select_related("client", "location"), pk=appointment.pk)


def lock_all(ids: Iterable[int]) -> dict[int, Appointment]:
    """Several visits, by id, until the end of the transaction. One query, none for no visits."""
    wanted = set(ids)
    rows = Appointment.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    return {visit.pk: visit for visit in rows.order_by("pk")} if wanted else {}


def lock_staff(ids: Iterable[int]) -> None:
    """Whose time is about to be taken. By id, so that two desks wait for each other in one order.

    Without it the exclusion constraint still holds, but two desks that both wrote would each wait
    for the other, and Postgres would end one of them without a word about who is busy. One query.
    """
    rows = StaffMember.objects.select_for_update(no_key=True).filter(pk__in=set(ids))
    list(rows.order_by("pk").values_list("pk"))
