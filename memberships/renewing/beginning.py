"""One renewal, or one retry: written under the membership's lock, then asked of the card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from cards import attempts
from cards.models import Attempt
from memberships.locking import lock_if_free
from memberships.models import Membership, MembershipSettings, Missed, Period
from memberships.renewing import due
from memberships.renewing.charging import begin, is_at_desk
from memberships.renewing.periods import PLACE, Span, begun, go_past, new_period, write
from memberships.renewing.settling import skip
from salon import clock
from salon.desk import Desk

Status = Period.Status


@dataclass(frozen=True)
class Begun:
    """A period that was written, to be asked of a card."""

    period: Period
    attempt: Attempt | None
    skipped: int = 0


def begin_renewal(pk: int, now: dt.datetime) -> Begun | None:
    """Write the period that is due and its attempt, if it is still due and nobody else is at it."""
    with transaction.atomic(durable=True):
        membership = lock_if_free(pk)
        if membership is None:
            return None
        desk, today = _desk(membership), clock.business_date(membership.location, now)
        if not due.is_due(membership, today):
            return None
        if membership.next_plan_id:
            from memberships.changing.plans import take_over  # It charges by this package.

            take_over(membership)
        spans = begun(membership, today)
        left = _leave_missed(membership, spans, desk)
        period = new_period(membership, left.next, Status.CHARGING, desk)
        go_past(membership, left.next)
        membership.save(update_fields=PLACE)
        return Begun(period, begin(period, desk=desk), left.many)


def begin_retry(pk: int, now: dt.datetime) -> Begun | None:
    """An attempt for a period that failed before, if its day has come and nobody else is at it."""
    with transaction.atomic(durable=True):
        membership_id = Period.objects.values_list("membership_id", flat=True).get(pk=pk)
        membership = lock_if_free(membership_id)
        if membership is None:
            return None
        desk, today = _desk(membership), clock.business_date(membership.location, now)
        rows = due.to_try_again().select_for_update(of=("self",))
        related = rows.select_related("plan", "tax_rate", "order")
        period = related.filter(pk=pk, next_try_on__lte=today).first()
        if period is None or is_at_desk(period):
            return None
        period.membership = membership
        return Begun(period, begin(period, desk=desk))


@dataclass(frozen=True)
class _Left:
    next: Span
    """The period that is charged now."""
    many: int = 0


def _leave_missed(membership: Membership, spans: list[Span], desk: Desk) -> _Left:
    """What becomes of periods that were over before anybody charged them: the owner's setting.

    Where the latest of them is charged, the running one is still due afterwards: it comes next.
    """
    *missed, running = spans
    if not missed:
        return _Left(running)
    how = MembershipSettings.current().missed
    if how == Missed.ASK:
        write(membership, missed, Status.ASKED, desk)
        return _Left(running)
    if how == Missed.ONE:
        *missed, running = missed
    skip(membership, missed, desk)
    return _Left(running, len(missed))


def sent(found: Begun) -> Period:
    """The period as it stands once its card was asked. Never inside a transaction."""
    period = found.period
    if found.attempt is not None:
        attempts.send(found.attempt)
        period.refresh_from_db(fields=["status", "failure", "tries", "order", "next_try_on"])
    return period


def _desk(membership: Membership) -> Desk:
    """By the clock, also in a run that began an hour ago: a card is asked for two minutes only."""
    return Desk(staff=None, location=membership.location, by_itself=True)
