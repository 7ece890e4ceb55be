"""Asking a client for a deposit by a payment link, and calling that off."""

import datetime as dt
import uuid as uuids

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from djmoney.money import Money

from appointments import pending
from appointments.changes import Change, Kind
from appointments.locking import lock
from appointments.models import Appointment
from cards import gateways
from checkout.lines import LARGEST
from deposits.errors import Refused
from deposits.locking import lock_request
from deposits.models import DepositRequest
from deposits.own.telling import ask_to_pay
from deposits.payments.taking import end
from deposits.rules.policy import asked_for_visit
from salon import permissions, said
from salon.desk import Desk
from salon.money import minor
from salon.policy import Policy

Status = DepositRequest.Status
SMALLEST = 50
"""Minor units: no card is charged for less."""
AT_LEAST = dt.timedelta(hours=1)
"""A link is good until the visit begins, and never for less than this."""


def require_asking(desk: Desk) -> None:
    """Refuse unless whoever stands at the desk may take deposits, or the program does it."""
    if desk.by_itself:
        return
    if desk.staff is None or not desk.staff.has_perm(permissions.MODIFY_SALES):
        raise Refused(
            "Your role may not take deposits. Ask a manager or an owner. Nothing was changed."
        )


@transaction.atomic
def ask_by_link(
    *, visit: Appointment, amount: Money, email: str, desk: Desk, uuid: uuids.UUID
) -> DepositRequest:
    """Ask for a deposit for a visit that stands; the link goes to `email`, else to the client's.

    It is good until the visit begins. The same `uuid` again answers with the request that it wrote.
    Locks the visit. Raises Refused; then nothing is asked.
    """
    require_asking(desk)
    locked = lock(visit)
    if made := DepositRequest.objects.filter(uuid=uuid).first():
        return _same(made, locked)
    _check_visit(locked, desk)
    _check_amount(amount)
    asked = asked_for_visit(locked)
    request = DepositRequest.objects.create(
        uuid=uuid,
        appointment=locked,
        came_from=DepositRequest.CameFrom.LINK,
        amount=amount,
        explained=asked.explained if asked.amount == amount else f"Asked for by {desk.staff}.",
        name=locked.client.name[:160],
        email=_checked_email(email),
        asked_at=desk.at,
        asked_by=desk.staff,
        expires_at=max(locked.starts_at, desk.at + AT_LEAST),
    )
    ask_to_pay(request)
    return request


@transaction.atomic
def call_off(*, request: DepositRequest, desk: Desk) -> DepositRequest:
    """Nobody has to pay it any more; a payment that comes all the same goes straight back.

    Of an online booking the time is free again. Over already, it answers with the request as it
    is. Locks the visit, then the request. Raises Refused where it is paid.
    """
    require_asking(desk)
    locked = lock_request(request.uuid)
    if locked.status == Status.CONFIRMED:
        raise Refused(
            f"The deposit of {said.amount(locked.amount)} is paid. Nothing was called off."
        )
    if locked.is_waiting:
        pending.lapse(appointment=locked.appointment)
        end(locked, Status.CANCELED, desk)
    return locked


def when_visit_changes(change: Change) -> None:
    """Part of a change of a visit, which is locked: what is asked for it goes along.

    Of one that is canceled, missed or given away nobody pays any more; one that is moved may be
    paid until its new start.
    """
    waiting = DepositRequest.objects.select_for_update(of=("self",)).filter(
        appointment=change.appointment, status=Status.WAITING
    )
    for request in list(waiting.order_by("pk")):
        if change.kind != Kind.MOVED:
            end(request, Status.CANCELED, change.desk)
        elif request.came_from == DepositRequest.CameFrom.LINK and change.starts_at:
            request.expires_at = max(change.starts_at, change.desk.at + AT_LEAST)
            request.save(update_fields=["expires_at"])


def _same(made: DepositRequest, visit: Appointment) -> DepositRequest:
    if made.appointment_id != visit.pk:
        raise Refused("This form was used for another visit. Nothing was asked. Load it again.")
    return made


def _check_visit(visit: Appointment, desk: Desk) -> None:
    if not visit.is_open:
        raise Refused(f"This visit is {visit.get_status_display().lower()}. Nothing was asked.")
    if not visit.services.filter(ends_at__gt=desk.at).exists():
        raise Refused("This visit is over. Nothing was asked.")
    if not Policy.of(visit.location).balances:
        raise Refused(
            "Client Account Balances are switched off at this location. Nothing was asked."
        )
    if not gateways.connected():
        raise Refused(
            "No card processor is connected, so nobody can pay a link. Nothing was asked. "
            "Take the deposit in a sale."
        )
    waiting = DepositRequest.objects.filter(appointment=visit, status=Status.WAITING).first()
    if waiting:
        raise Refused(
            f"{said.amount(waiting.amount)} is asked for this visit already. Nothing more was "
            "asked. Call that off first, or wait for it."
        )


def _check_amount(amount: Money) -> None:
    if minor(amount) < SMALLEST:
        raise Refused("Enter at least $0.50. Nothing was asked.", field="amount")
    if amount > LARGEST:
        raise Refused(f"That is more than {LARGEST}. Check the amount.", field="amount")


def _checked_email(typed: str) -> str:
    typed = typed.strip()
    if not typed:
        return ""
    try:
        validate_email(typed)
    except ValidationError as invalid:
        raise Refused(
            "Enter an e-mail address like clara@example.com. Nothing was asked.", field="email"
        ) from invalid
    return typed
