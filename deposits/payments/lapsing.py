"""Requests that nobody paid in time: the time that they held is free again.

First the processor is asked: money that arrived in time counts, though nobody has told yet. The
page at the processor stays open for longer than the time is held; who pays there after that gets
the time if it is still free (taking.py).
"""

import datetime as dt
import logging

from django.db import transaction

from appointments import pending
from cards import attempts, gateways
from cards.gateway import Rejected, Unclear
from checkout.charges.refused_back import after_disputes_won
from deposits.locking import lock_request
from deposits.models import DepositRequest
from deposits.payments.paying import close_card_page, finish_card
from deposits.payments.taking import end, open_attempts
from salon import clock
from salon.desk import Desk
from salon.errors import Refused

log = logging.getLogger(__name__)

Status = DepositRequest.Status
PATIENCE = dt.timedelta(minutes=5)
"""So much longer a time is held while the processor does not say whether it was paid for."""


def lapse_due(now: dt.datetime | None = None) -> int:
    """Let go what was not paid in time; how many requests lapsed.

    Never inside a transaction. Any number of workers at once, and killed anywhere: each request is
    let go under its lock, where it still waits.
    """
    now = now or clock.now()
    _settle_refused()
    _finish_cards(now)
    due = DepositRequest.objects.filter(status=Status.WAITING, expires_at__lte=now)
    return sum(_quietly(request, now) for request in list(due.order_by("expires_at", "pk")))


def _settle_refused() -> None:
    try:
        after_disputes_won()
    except Exception:
        log.exception("what cards refused could not be given to the balance")


def _finish_cards(now: dt.datetime) -> None:
    """Who kept a card and closed the browser is booked all the same."""
    waiting = DepositRequest.objects.filter(
        status=Status.WAITING, card_saving__isnull=False, expires_at__gt=now
    )
    for request in list(waiting.order_by("pk")):
        try:
            finish_card(request)
        except Unclear as unclear:
            log.warning("deposit request %s: no answer: %s", request.uuid, unclear)


def _quietly(request: DepositRequest, now: dt.datetime) -> bool:
    """One that fails does not stop the others; the next minute tries it again."""
    try:
        if not _is_answered(request) and now < request.expires_at + PATIENCE:
            return False
        return _lapse(request, now)
    except Exception:
        log.exception("deposit request %s could not lapse", request.uuid)
        return False


def _is_answered(request: DepositRequest) -> bool:
    """Whether the processor said how it stands; what was paid is recorded then."""
    if not gateways.connected():
        return True
    try:
        for attempt in open_attempts(request):
            attempts.settle(attempt)
        close_card_page(request)
    except (Unclear, Rejected, Refused) as error:
        log.warning("deposit request %s: no answer: %s", request.uuid, error)
        return False
    return True


@transaction.atomic
def _lapse(request: DepositRequest, now: dt.datetime) -> bool:
    locked = lock_request(request.uuid)
    if not locked.is_waiting or locked.expires_at > now:
        return False
    visit = locked.appointment
    if locked.came_from == DepositRequest.CameFrom.ONLINE:
        pending.lapse(appointment=visit)
    end(locked, Status.LAPSED, Desk(staff=None, location=visit.location, at=now, by_itself=True))
    return True
