"""An enrolment online is paid, or its card kept: they are a member, or it goes straight back.

Called with the enrolment and the attempt locked, in the very transaction that hears of the charge.
It never refuses: the money is taken.
"""

import logging
import uuid as uuids

from django.db import InterfaceError, OperationalError, transaction

from cards.models import Attempt, CardOnFile
from cards.straight_back import give_straight_back
from checkout.charges.paid_sale import sell_paid
from checkout.sending_receipts import queue_for_client
from clients.standing import lock, why_not_served
from ledger.posting import Cause
from memberships.enrolling.line import enrolment_lines
from memberships.enrolling.members import why_not_again
from memberships.enrolling.starting import start
from memberships.errors import Refused, as_refused
from memberships.locking import lock_enrolment
from memberships.models import Enrolment
from memberships.own.telling import tell_sent_back
from memberships.purposes import ENROLMENT
from memberships.tasks import close_pages
from salon import clock
from salon.desk import Desk

log = logging.getLogger(__name__)

Status = Enrolment.Status
# Derives the sale, and its receipt, from the enrolment.
_SALE = uuids.UUID("c2c1bd0f-52d8-4c0d-8d0b-1c7b8a4e6f90")


def take(attempt: Attempt, desk: Desk) -> Enrolment:
    """Record what `attempt`, which has succeeded and is locked, paid for. Never refuses.

    The first payment makes the member, also one that comes late, where that still can be. Any other
    goes straight back to its card. Only a lost connection or a deadlock is raised: then nothing was
    recorded, and who looks again tries again.
    """
    enrolment = lock_enrolment(attempt.reference)
    alone = Desk(staff=None, location=enrolment.location, at=desk.at, by_itself=True)
    try:
        with transaction.atomic(), as_refused():
            _begin(enrolment, attempt, alone)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        if not isinstance(problem, Refused):
            log.exception("enrolment %s could not be recorded", enrolment.uuid)
        _send_back(lock_enrolment(attempt.reference), attempt, alone)
    close_pages.defer(enrolment=str(enrolment.uuid))
    return enrolment


@transaction.atomic
def begin_without_sale(enrolment: Enrolment, card: CardOnFile) -> Enrolment:
    """Nothing is due yet and the card is kept: they are a member. The enrolment as it stands then.

    Called again it changes nothing. Locks the enrolment, then the client.
    """
    locked = lock_enrolment(enrolment.uuid)
    if locked.status not in (Status.WAITING, Status.LAPSED):
        return locked
    at = clock.now()
    try:
        with transaction.atomic(), as_refused():
            _check(locked, Desk(staff=None, location=locked.location, at=at, by_itself=True))
            locked.card = card
            start(enrolment=locked, at=at, line=None, opened=[])
            locked.save(update_fields=["card"])
    except Refused:
        locked = lock_enrolment(enrolment.uuid)
        _end(locked, Status.RETURNED)
        tell_sent_back(locked)
    return locked


def _begin(enrolment: Enrolment, attempt: Attempt, desk: Desk) -> None:
    if enrolment.status not in (Status.WAITING, Status.LAPSED):
        raise Refused(f"It is {enrolment.get_status_display().lower()} already.")
    _check(enrolment, desk)
    enrolment.card = attempt.card
    enrolment.save(update_fields=["card", "status"])
    order = sell_paid(
        attempt=attempt,
        lines=enrolment_lines(enrolment),
        client=enrolment.client.survivor,
        desk=desk,
        uuid=uuids.uuid5(_SALE, str(enrolment.uuid)),
    )
    # The line has started it by now, by a row of its own.
    Enrolment.objects.filter(pk=enrolment.pk).update(order=order)
    queue_for_client(order, desk)


def _check(enrolment: Enrolment, desk: Desk) -> None:
    """Raise Refused where nobody can begin by it any more; else it waits, to be started.

    Locks the client: of two enrolments of one person in one plan only the first begins.
    """
    client = lock(enrolment.client.survivor)
    why = why_not_served(client) or why_not_again(client, enrolment.plan, besides=enrolment)
    if client.is_blocked:
        why = f"{client.name} is blocked."
    if enrolment.first_until <= desk.business_date:
        why = "Its first period would be over by now."
    if why:
        raise Refused(why)
    enrolment.status = Status.WAITING


def _send_back(enrolment: Enrolment, attempt: Attempt, desk: Desk) -> None:
    """Nothing can begin by it: the enrolment says so, unless another payment began it."""
    give_straight_back(
        attempt=attempt,
        why=f"The payment for {enrolment.plan} came when nobody could become a member by it",
        cause=Cause(ENROLMENT, str(enrolment.uuid)),
        reference=str(enrolment.uuid),
        desk=desk,
    )
    if enrolment.status != Status.STARTED:
        _end(enrolment, Status.RETURNED)
    tell_sent_back(enrolment)


def _end(enrolment: Enrolment, status: str) -> None:
    enrolment.status, enrolment.ended_at = status, clock.now()
    enrolment.save(update_fields=["status", "ended_at"])
