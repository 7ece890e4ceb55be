"""The card was charged for a deposit: it is held for its visit, or goes straight back.

Called in the very transaction that hears of the charge, with the visit, the request and the attempt
locked. It never refuses: the money is taken. What nothing can be held for any more is in the books
as come and gone, and the client is told.
"""

import logging
import uuid as uuids

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from appointments import pending
from appointments.models import Appointment
from appointments.times import when
from cards.models import Attempt
from cards.straight_back import give_straight_back
from checkout.adding_deposits import deposit_line
from checkout.charges.paid_sale import sell_paid
from checkout.models import Order
from checkout.sending_receipts import queue_for_client
from deposits.errors import Refused, as_refused
from deposits.locking import lock_request
from deposits.models import DepositRequest
from deposits.own.telling import tell_booked, tell_sent_back
from deposits.payments.provider_deposits import holder_for
from deposits.purposes import DEPOSIT
from deposits.tasks import cancel_attempts
from ledger.posting import Cause
from salon import clock
from salon.desk import Desk
from salon.policy import Policy

log = logging.getLogger(__name__)

Status = DepositRequest.Status
CAUSE = "deposit_request"
# Derives the sale, and its receipt, from the request.
_SALE = uuids.UUID("8b1f0c8e-4f0e-4e0c-9c34-2d9c1f5a6b70")


def take(attempt: Attempt, desk: Desk) -> DepositRequest:
    """Record what `attempt`, which has succeeded and is locked, paid for. Never refuses.

    The first payment of a request that waits confirms it and its visit; one that comes late gets
    the time again where it is still free. Any other goes straight back to its card. Only a lost
    connection or a deadlock is raised: then nothing was recorded, and who looks again tries again.
    """
    request = lock_request(attempt.reference)
    alone = Desk(staff=None, location=request.appointment.location, at=desk.at, by_itself=True)
    try:
        with transaction.atomic(), as_refused():
            _confirm(request, attempt, alone)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        if not isinstance(problem, Refused):
            log.exception("deposit %s could not be recorded", request.uuid)
        request.refresh_from_db()
        _send_back(request, attempt, alone)
    return request


def open_attempts(request: DepositRequest) -> QuerySet[Attempt]:
    """The payments of a request that may still take money."""
    return Attempt.objects.open().filter(purpose=DEPOSIT, reference=str(request.uuid))


def confirm_visit(request: DepositRequest) -> Appointment:
    """The visit of a locked request stands from now on; one that lapsed gets its time again.

    Raises Refused, and Busy where the time was given away meanwhile.
    """
    visit = request.appointment
    if visit.status == Appointment.Status.LAPSED and visit.starts_at <= clock.now():
        raise Refused("The visit would have begun by now.")
    visit = pending.retake(appointment=visit)
    if not visit.is_open:
        raise Refused(f"The visit is {visit.get_status_display().lower()}.")
    request.appointment = visit
    return visit


def end(request: DepositRequest, status: str, desk: Desk) -> None:
    """Write the end of a locked request; card pages that are still open are closed by a job.

    Not those of one that lapsed: who pays late gets the time after all, where it is still free.
    """
    request.status, request.ended_at = status, desk.at
    request.save(update_fields=["status", "ended_at", "order"])
    waits = status != Status.CONFIRMED and request.card_saving
    if status != Status.LAPSED and (waits or open_attempts(request).exists()):
        cancel_attempts.defer(request=str(request.uuid))


def confirmed(request: DepositRequest, desk: Desk) -> None:
    """Write that a locked request, whose visit stands, is settled; the client is told."""
    end(request, Status.CONFIRMED, desk)
    if request.came_from == DepositRequest.CameFrom.ONLINE:
        tell_booked(request.appointment)


def _confirm(request: DepositRequest, attempt: Attempt, desk: Desk) -> None:
    if request.status not in (Status.WAITING, Status.LAPSED):
        raise Refused(f"It is {request.get_status_display().lower()} already.")
    visit = confirm_visit(request)
    request.order = _sell(request, visit, attempt, desk)
    confirmed(request, desk)
    queue_for_client(request.order, desk)


def _sell(request: DepositRequest, visit: Appointment, attempt: Attempt, desk: Desk) -> Order:
    client = visit.client.survivor
    policy = Policy.of(desk.location)
    # Where account balances are off nobody could spend it but on its visit.
    is_held = policy.earmark_deposits or not policy.balances
    line = deposit_line(client, visit, attempt.amount)
    line.appointment = visit if is_held else None
    line.provider = holder_for(visit)
    return sell_paid(
        attempt=attempt,
        lines=[line],
        client=client,
        desk=desk,
        uuid=uuids.uuid5(_SALE, str(request.uuid)),
    )


def _send_back(request: DepositRequest, attempt: Attempt, desk: Desk) -> None:
    """Nothing can be held for it: the request says so, unless another payment confirmed it."""
    give_straight_back(
        attempt=attempt,
        why=f"The deposit for {when(request.appointment)} came when nothing could be held for it",
        cause=Cause(CAUSE, str(request.uuid)),
        reference=str(request.uuid),
        desk=desk,
    )
    if request.status != Status.CONFIRMED:
        pending.lapse(appointment=request.appointment)
        end(request, Status.RETURNED, desk)
    tell_sent_back(request)
