"""Asking a card for a billing period, and what it means when nothing is paid.

    with transaction.atomic():
        attempt = begin(period, desk=desk)  # the attempt, or the failure, is written
    if attempt:
        send(attempt)                       # purpose.py hears how it ended

A period that is being charged has an attempt that is open: both are written in one transaction,
and what ends the attempt ends that in its own.
"""

from __future__ import annotations

import uuid as uuids

from django.db import transaction

from cards import attempts, gateways
from cards.models import Attempt, CardOnFile
from cards.on_file import default_card, expires_before
from checkout.locking import require
from memberships.enrolling.line import period_line, total_of
from memberships.errors import Refused, as_refused
from memberships.locking import lock_period
from memberships.models import Membership, Period
from memberships.purposes import PERIOD
from memberships.renewing.failing import failed
from memberships.renewing.periods import save
from salon import permissions
from salon.desk import Desk
from salon.errors import Refusal
from salon.policy import Policy

__all__ = ["begin", "failed", "retry"]

Status = Period.Status


def begin(period: Period, *, desk: Desk) -> Attempt | None:
    """An attempt with the member's card, to be sent once this has committed; the period is being
    charged until that has ended. None: there is no card to ask, and the failure is written.

    `period` is locked, or new and not saved yet; its membership is locked. Locks the card.
    """
    period.first_tried_on = period.first_tried_on or desk.business_date
    if why_not := _not_to_be_had(period):
        failed(period, why_not, is_unanswered=True)
        return None
    card, why_not = card_for(period.membership, desk)
    if card is None:
        failed(period, why_not)
        return None
    try:
        attempt = _attempt(period, card, desk)
    except Refusal as refused:  # Removed in this very moment.
        failed(period, refused.message, is_unanswered=True)
        return None
    period.status, period.failure, period.next_try_on = Status.CHARGING, "", None
    period.tries += 1
    save(period, ["status", "failure", "next_try_on", "tries", "first_tried_on"])
    return attempt


def retry(*, period: Period, desk: Desk) -> Period:
    """Ask the card once more, now; the period as it stands then, paid or with its failure.

    Never inside a transaction. One that is paid or being charged stays as it is. Raises Refused
    where there is nothing to ask or nothing to pay: then nothing was changed.
    """
    with as_refused():
        require(desk, permissions.MANAGE_MEMBERSHIPS, "charge a membership again")
    return ask(period, desk, (Status.PAST_DUE, Status.UNPAID))


def ask(period: Period, desk: Desk, states: tuple[str, ...]) -> Period:
    """Ask the card for a period in one of these states. Never inside a transaction."""
    with transaction.atomic(durable=True):
        locked = lock_period(period.uuid)
        if locked.status in (Status.CHARGING, Status.PAID):
            return locked
        _check(locked, states)
        where = _at_salon(locked, desk)
        locked.by = desk.staff if locked.status == Status.ASKED else locked.by
        locked.save(update_fields=["by"])
        attempt = begin(locked, desk=where)
        if attempt is None:
            raise Refused(
                f"{locked.failure} Nothing was charged. Ask for another card, or take the payment "
                "at the desk."
            )
    attempts.send(attempt)
    return Period.objects.select_related("membership__client", "order", "plan").get(pk=locked.pk)


def check_no_sale(period: Period) -> None:
    """Refuse while a sale of the period is open at a desk."""
    if is_at_desk(period):
        assert period.order is not None  # nosec B101 - is_at_desk says so
        raise Refused(
            f"Sale #{period.order.number} of this period is open. Close it, or void it first. "
            "Nothing was changed."
        )


def is_at_desk(period: Period) -> bool:
    """Whether a sale of it is open at a desk."""
    return period.order is not None and period.order.is_open and period.line_id is not None


def _check(period: Period, states: tuple[str, ...]) -> None:
    if period.status not in states:
        raise Refused(f"This period is {period.get_status_display().lower()}. Nothing was charged.")
    check_no_sale(period)
    if period.status == Status.ASKED:
        _check_nothing_else(period.membership)


def _check_nothing_else(membership: Membership) -> None:
    """Refuse a missed period while the membership is not active, or is being charged."""
    if membership.status != Membership.Status.ACTIVE:
        raise Refused(
            f"The membership is {membership.get_status_display().lower()}. Nothing was charged. "
            "Settle that first."
        )
    if membership.periods.filter(status=Status.CHARGING).exists():
        raise Refused(
            "Another period is being charged at this moment. Nothing was charged. Try again in a "
            "minute."
        )


def _attempt(period: Period, card: CardOnFile, desk: Desk) -> Attempt:
    return attempts.begin(
        purpose=PERIOD,
        reference=str(period.uuid),
        amount=total_of([period_line(period)]),
        way=Attempt.Way.ON_FILE,
        description=f"{period.plan.name}, from {period.starts_on:%b %-d, %Y}",
        desk=desk,
        uuid=uuids.uuid5(period.uuid, str(period.tries)),
        client=period.membership.client.survivor,
        card=card,
    )


def _not_to_be_had(period: Period) -> str:
    """Why the salon cannot charge it, whatever the card; empty where it can. One query at most."""
    location = period.membership.location
    if period.adds and not Policy.of(location).balances:
        return f"Client Account Balances are switched off at {location}."
    return "" if gateways.connected() else "No card processor is connected."


def card_for(membership: Membership, desk: Desk) -> tuple[CardOnFile | None, str]:
    """The card to ask, or why none is. No query; one where the member's card was removed."""
    card = membership.card
    if card is None or card.removed_at:
        card = default_card(membership.client.survivor)
    if card is None:
        return None, "There is no card on file."
    if expires_before(card, desk.business_date):
        return None, f"{card} has expired."
    return card, ""


def _at_salon(period: Period, desk: Desk) -> Desk:
    """A membership is charged at its own location, whoever asks for it."""
    return Desk(
        staff=desk.staff, location=period.membership.location, at=desk.at, by_itself=desk.by_itself
    )
