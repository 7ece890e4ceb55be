"""What card payments of the purpose "membership" pay for: a billing period, by its uuid."""

from __future__ import annotations

import logging
import uuid as uuids

from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse

from cards import purposes
from cards.models import Attempt, CardRefund
from cards.straight_back import give_straight_back
from checkout.charges import refused_back
from checkout.charges.paid_sale import sell_paid
from checkout.models import Order
from checkout.sending_receipts import queue_receipt
from ledger.posting import Cause
from memberships.enrolling.closing_checks import line_of_locked
from memberships.errors import Refused, as_refused
from memberships.locking import lock_period
from memberships.models import Period
from memberships.own.telling import address_for
from memberships.purposes import CAUSE, PERIOD
from memberships.renewing.charging import is_at_desk
from memberships.renewing.failing import failed
from salon.desk import Desk

log = logging.getLogger(__name__)

Status = Period.Status
# Derives the sale from the attempt.
_SALE = uuids.UUID("3f5b7d1e-6c7a-4a6c-8d7c-52e3a7f7b9d4")

UNSOLD = "The card paid, but no sale could be made of it: the card gets it back."


class PeriodPurpose(purposes.Purpose):
    code = PERIOD

    def lock(self, reference: str) -> Period:
        """The membership, then its period."""
        return lock_period(reference)

    def paid(self, attempt: Attempt, desk: Desk) -> None:
        """A closed sale of the period. One that is settled otherwise by now goes straight back.

        So does one that can't be sold, whatever the reason, and the period is owed: the money is
        taken. Only a lost connection or a deadlock is raised: who looks again tries again.
        """
        period = _held(attempt)
        alone = _alone(period, desk)
        if not _is_owed(period):
            _send_back(period, attempt, "The period was settled before the card was charged", alone)
            return
        try:
            with transaction.atomic(), as_refused():
                order = _sell(period, attempt, alone)
                _send_receipt(period, order, alone)
        except (OperationalError, InterfaceError):
            raise
        except Exception as problem:
            if not isinstance(problem, Refused):
                log.exception("period %s could not be recorded", period.uuid)
            period = lock_period(attempt.reference)
            _send_back(period, attempt, "The period could not be sold", alone)
            if period.status == Status.CHARGING:
                failed(period, UNSOLD, is_ours=True)

    def ended(self, attempt: Attempt) -> None:
        """The card did not pay."""
        period = _held(attempt)
        if period.status == Status.CHARGING:
            failed(
                period,
                attempt.failure or "The card did not pay.",
                is_unanswered=attempt.status == Attempt.Status.CANCELED,
            )

    def refund_moved(self, refund: CardRefund) -> None:
        """Of a payment that went straight back: what the card refuses is the client's balance."""
        period = lock_period(refund.reference)
        cause = Cause(CAUSE, str(period.membership.uuid))
        refused_back.to_the_balance(refund, period.membership.client.survivor, cause)

    def url(self, reference: str) -> str:
        """The membership's page at the desk."""
        of = Period.objects.values_list("membership__uuid", flat=True).get(uuid=reference)
        return reverse("memberships:one", args=[of])


def _held(attempt: Attempt) -> Period:
    """What a locked attempt pays, locked with it."""
    assert isinstance(attempt.held, Period)  # nosec B101 - cards/recording.py keeps what `lock` gave
    return attempt.held


def _is_owed(period: Period) -> bool:
    """Whether nothing else has settled it, nor is a sale of it open at a desk."""
    missed = period.status == Status.ASKED and period.tries > 0
    is_due = missed or period.status == Status.CHARGING or period.is_owed
    return is_due and period.membership.is_standing and not is_at_desk(period)


def _sell(period: Period, attempt: Attempt, desk: Desk) -> Order:
    """Its line's kind settles the period when the sale closes (settling.py)."""
    return sell_paid(
        attempt=attempt,
        lines=[line_of_locked(period)],
        client=period.membership.client.survivor,
        desk=desk,
        uuid=uuids.uuid5(_SALE, str(attempt.uuid)),
    )


def _send_receipt(period: Period, order: Order, desk: Desk) -> None:
    if to := address_for(period.membership):
        queue_receipt(order=order, to=to, desk=desk, uuid=order.uuid, from_phone=True)


def _send_back(period: Period, attempt: Attempt, why: str, desk: Desk) -> None:
    give_straight_back(
        attempt=attempt,
        why=why,
        cause=Cause(CAUSE, str(period.membership.uuid)),
        reference=str(period.uuid),
        desk=desk,
    )


def _alone(period: Period, desk: Desk) -> Desk:
    return Desk(staff=desk.staff, location=period.membership.location, at=desk.at, by_itself=True)


def register_period_purpose() -> None:
    """Called once, when the program starts."""
    purposes.register(PeriodPurpose())
    refused_back.settles(PERIOD)
