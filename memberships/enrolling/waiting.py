"""Enrolments that nobody pays any more are let go; a card that was kept unseen is found.

First the processor is asked: money that arrived in time counts, though nobody has told yet.
"""

import datetime as dt
import logging

from django.db import transaction

from cards import attempts, gateways
from cards.gateway import Rejected, Unclear
from memberships.enrolling.paying import close_card_page, finish_card, open_attempts
from memberships.locking import lock_enrolment
from memberships.models import Enrolment
from salon import clock
from salon.errors import Refusal

log = logging.getLogger(__name__)

Status = Enrolment.Status
PATIENCE = dt.timedelta(minutes=5)
"""So much longer it waits while the processor does not say whether it was paid."""


def lapse_due(now: dt.datetime | None = None) -> int:
    """Let go what was not paid in time; how many enrolments lapsed.

    Never inside a transaction. Any number of workers at once, and killed anywhere: each is let go
    under its lock, where it still waits.
    """
    now = now or clock.now()
    voided = _lapse_voided(now)
    online = Enrolment.objects.filter(status=Status.WAITING, expires_at__isnull=False)
    for enrolment in list(online.filter(card_saving__isnull=False, expires_at__gt=now)):
        _finish(enrolment)
    due = online.filter(expires_at__lte=now).order_by("expires_at", "pk")
    return voided + sum(_quietly(enrolment, now) for enrolment in list(due))


def _lapse_voided(now: dt.datetime) -> int:
    """Those at a desk whose sale was voided, which is for good. One query."""
    waiting = Enrolment.objects.filter(status=Status.WAITING, line__order__status="voided")
    return waiting.order_by().update(status=Status.LAPSED, ended_at=now)


def _finish(enrolment: Enrolment) -> None:
    """Who kept a card and closed the browser is a member all the same."""
    try:
        finish_card(enrolment)
    except (Unclear, Refusal) as error:
        log.warning("enrolment %s: no answer: %s", enrolment.uuid, error)


def _quietly(enrolment: Enrolment, now: dt.datetime) -> bool:
    """One that fails does not stop the others; the next minute tries it again."""
    assert enrolment.expires_at is not None  # nosec B101 - filtered
    try:
        if not _is_answered(enrolment) and now < enrolment.expires_at + PATIENCE:
            return False
        return _lapse(enrolment, now)
    except Exception:
        log.exception("enrolment %s could not lapse", enrolment.uuid)
        return False


def _is_answered(enrolment: Enrolment) -> bool:
    """Whether the processor said how it stands; what was paid is recorded then."""
    if not gateways.connected():
        return True
    try:
        for attempt in open_attempts(enrolment):
            attempts.settle(attempt)
        close_card_page(enrolment)
    except (Unclear, Rejected, Refusal) as error:
        log.warning("enrolment %s: no answer: %s", enrolment.uuid, error)
        return False
    return True


@transaction.atomic
def _lapse(enrolment: Enrolment, now: dt.datetime) -> bool:
    locked = lock_enrolment(enrolment.uuid)
    if not locked.is_waiting or locked.expires_at is None or locked.expires_at > now:
        return False
    locked.status, locked.ended_at = Status.LAPSED, now
    locked.save(update_fields=["status", "ended_at"])
    return True
