"""Opening an order: for a walk-in, for a client, for a visit; and whose order it is."""

import uuid as uuids

from django.db import IntegrityError, transaction

from appointments.models import Appointment
from checkout.errors import Refused
from checkout.lines import service_line
from checkout.locking import check_fresh, lock_open, require, touch
from checkout.models import LineItem, Order
from checkout.repricing import write_taxes
from checkout.tender_kinds import CREDITS
from clients.models import Client
from clients.standing import why_not_served
from salon import permissions
from salon.desk import Desk
from salon.terms import TermsBook


@transaction.atomic
def open_order(
    *, desk: Desk, client: Client | None = None, uuid: uuids.UUID | None = None
) -> Order:
    """A new, empty order. With the form's `uuid`, the form sent twice opens one."""
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    _refuse_archived(client)
    order, _ = Order.objects.get_or_create(
        uuid=uuid or uuids.uuid4(), defaults=_fields(desk, client)
    )
    return order


def open_or_resume(
    *, desk: Desk, client: Client | None = None, uuid: uuids.UUID | None = None
) -> Order:
    """The empty order that this person left open here today, or a new one.

    So New Sale pressed ten times leaves one empty order, not ten.
    """
    left = Order.objects.open().filter(
        location=desk.location,
        opened_by=desk.staff,
        business_date=desk.business_date,
        client=client,
        appointment=None,
        lines=None,
        tenders=None,
    )
    return left.first() or open_order(desk=desk, client=client, uuid=uuid)


def open_for_visit(*, appointment: Appointment, desk: Desk) -> Order:
    """The visit's open order, made with its services where there is none yet.

    Two tills asking at once get the same order (unique constraint). Refused for a visit that was
    canceled or is checked out already.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    existing = appointment.orders.filter(status=Order.Status.OPEN).first()
    if existing:
        return existing
    if not appointment.is_open:
        raise Refused(
            f"This visit is {appointment.get_status_display().lower()}; no sale was opened."
        )
    try:
        with transaction.atomic():
            order = Order.objects.create(
                appointment=appointment, **_fields(desk, appointment.client)
            )
            segments = appointment.services.select_related("service__tax_rate", "staff")
            book = TermsBook.at(order.location)
            lines = LineItem.objects.bulk_create(
                service_line(order=order, service=segment.service, staff=segment.staff, book=book)
                for segment in segments.prefetch_related("service__tax_rate__parts")
            )
            write_taxes(lines)
            return order
    except IntegrityError:
        return appointment.orders.get(status=Order.Status.OPEN)


@transaction.atomic
def set_client(
    *, order: Order, client: Client | None, desk: Desk, revision: int | None = None
) -> Order:
    """Say whose order it is. Refused while a Credits tender stands: it is that client's money."""
    locked = lock_open(order, desk)
    if locked.client == client:
        return locked
    check_fresh(locked, revision)
    _refuse_archived(client)
    if locked.tenders.filter(kind=CREDITS, returned_at__isnull=True).exists():
        raise Refused(
            f"{locked.client}'s credit is applied to this sale. Take it back before you change "
            "the client."
        )
    locked.client = client
    locked.save(update_fields=["client"])
    touch(locked)
    return locked


def _refuse_archived(client: Client | None) -> None:
    if refusal := why_not_served(client):
        raise Refused(refusal)


def _fields(desk: Desk, client: Client | None) -> dict[str, object]:
    return {
        "client": client,
        "location": desk.location,
        "opened_at": desk.at,
        "opened_by": desk.staff,
        "business_date": desk.business_date,
    }
