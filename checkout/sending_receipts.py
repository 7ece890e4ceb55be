"""Sending receipts by e-mail: a job is queued with the desk's answer, the worker sends it."""

import datetime as dt
import uuid as uuids

from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from checkout.models import Order, Refund
from checkout.receipts import Receipt, receipt_for_phone, receipt_of, refund_receipt_of
from checkout.sale import Sale, find_sale
from checkout.sale_story import Event
from checkout.tasks import email_receipt
from salon.desk import Desk
from salon.jobs import ask_once
from salon.letters import letter

QUEUE = "receipts"


def queue_receipt(
    *,
    order: Order,
    to: str,
    desk: Desk,
    uuid: uuids.UUID,
    refund: Refund | None = None,
    from_phone: bool = False,
) -> None:
    """Have the sale's receipt, or that of one refund, sent to an address.

    `from_phone`: who paid on their own phone asked for it, so it says no balance.

    The same form (`uuid`) sent twice while the job waits queues it once.
    """
    ask_once(
        email_receipt,
        lock=f"receipt:{uuid}",
        queue=QUEUE,
        order=str(order.uuid),
        to=to,
        by=str(desk.staff or ""),
        refund=str(refund.uuid) if refund else "",
        **({"from_phone": True} if from_phone else {}),
    )


def queue_for_client(order: Order, desk: Desk) -> None:
    """Have the receipt of a sale that a client paid online sent to their own address, if they have
    one: whoever pays as somebody learns nothing of them by it. Once for each sale.
    """
    client = order.client
    if client and client.email:
        queue_receipt(order=order, to=client.email, desk=desk, uuid=order.uuid, from_phone=True)


def send_receipt(
    *, order: uuids.UUID, to: str, refund: uuids.UUID | None = None, from_phone: bool = False
) -> bool:
    """Send it now, as plain text and as HTML. False when there is no such sale or refund."""
    sale = find_sale(order)
    given_back = next((r for r in sale.refunds if r.uuid == refund), None) if sale else None
    if sale is None or (refund and given_back is None):
        return False
    location = sale.order.location
    with timezone.override(location.zone):
        receipt = _receipt(sale, given_back, from_phone)
    subject = f"Your receipt from {receipt.business}: {receipt.title.lower()}"
    letter("receipt", {"receipt": receipt}, subject=subject, to=to, at=location).send()
    return True


def sent_receipts(order: Order) -> list[Event]:
    """The e-mails of this sale, as its page tells them; as far back as the jobs are kept."""
    jobs = ProcrastinateJob.objects.filter(
        queue_name=QUEUE, task_name=email_receipt.name, args__order=str(order.uuid)
    ).order_by("-id")[:20]
    asked = ProcrastinateEvent.objects.filter(job__in=[job.pk for job in jobs], type="deferred")
    at = {event.job_id: event.at for event in asked if event.at}
    return [_event(job, at[job.pk]) for job in jobs if job.pk in at]


def _receipt(sale: Sale, refund: Refund | None, from_phone: bool) -> Receipt:
    if refund:
        return refund_receipt_of(sale, refund)
    return receipt_for_phone(sale) if from_phone else receipt_of(sale)


def _event(job: ProcrastinateJob, at: dt.datetime) -> Event:
    what = {
        "succeeded": "Receipt e-mailed",
        "failed": "Receipt could not be e-mailed",
    }.get(job.status, "Receipt waits to be e-mailed")
    by = job.args.get("by", "")
    return Event(at, f"{what} to {job.args['to']}", by, is_lost=job.status == "failed")
