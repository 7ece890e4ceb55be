"""Fees for a late cancellation or a no-show: the deposit first, the card on file for the rest.

    fee = charge_fee(...)       # in the transaction that ends the visit; the card is asked after it
    fee = collect(fee=fee, ...) # once more, for one that is still to do

A card that does not pay, or that is not there, leaves an IOU where the owner allows one and the
client's limit has room for it; else the fee is to do, until somebody collects or waives it.
"""

from __future__ import annotations

import uuid as uuids

from django.db import transaction
from djmoney.money import Money

from appointments.locking import lock
from appointments.models import Appointment
from cards import gateways
from cards.attempts import begin, send
from cards.models import Attempt, CardOnFile
from cards.on_file import default_card, expires_before
from cards.sending import send_after_commit
from deposits.errors import Refused, as_refused
from deposits.fates.checks import require
from deposits.fees.cards import card_for, is_booked_online, why_no_card
from deposits.fees.finding import standing_fee
from deposits.fees.sale import owe
from deposits.fees.settling import check_no_sale, lock_fee, reason_of, waive, waived
from deposits.models import Decision, Fee
from deposits.purposes import FEE
from deposits.rules.policy import value_of
from salon import permissions, said
from salon.desk import Desk
from salon.money import minor

__all__ = ["card_failed", "charge_fee", "collect", "let_off", "waive"]

Status = Fee.Status


@transaction.atomic
def charge_fee(
    *,
    visit: Appointment,
    occasion: str,
    amount: Money,
    from_deposit: Money,
    desk: Desk,
    uuid: uuids.UUID,
    decision: Decision | None = None,
    lowered: str = "",
) -> Fee:
    """Write the fee; its rest is charged to the card on file once this has committed.

    `amount` is all of it, at most what the visit's services cost; `from_deposit` what the decision
    forfeited of it. `lowered`: why it is less than the policy says. The same `uuid` again answers
    with the fee that it wrote. Locks the visit, then the card. Raises Refused: a fee that stands
    already, one above the services' price, one lowered by who may not.
    """
    locked = lock(visit)
    if twin := Fee.objects.filter(uuid=uuid).first():
        return _same(twin, locked)
    if lowered:
        require(desk, permissions.WAIVE_FEES, "waive or lower a fee")
    _check(locked, amount)
    fee = Fee.objects.create(
        uuid=uuid,
        appointment=locked,
        client=locked.client,
        decision=decision,
        occasion=occasion,
        amount=amount,
        from_deposit=min(from_deposit, amount),
        at=desk.at,
        by=desk.staff,
        location=desk.location,
        **waived(lowered, desk),
    )
    if not fee.rest:
        fee.status = Status.COVERED
        fee.save(update_fields=["status"])
        return fee
    attempt = _begin(fee, card_for(locked), desk)
    if attempt:
        send_after_commit(attempt)
    return fee


@transaction.atomic
def let_off(
    *,
    visit: Appointment,
    occasion: str,
    amount: Money,
    reason: str,
    desk: Desk,
    uuid: uuids.UUID,
    decision: Decision | None = None,
) -> Fee:
    """Write that a fee was due and is not charged: who said so, and why.

    The same `uuid` again answers with what it wrote.
    """
    require(desk, permissions.WAIVE_FEES, "waive or lower a fee")
    if twin := Fee.objects.filter(uuid=uuid).first():
        return _same(twin, visit)
    return Fee.objects.create(
        uuid=uuid,
        appointment=visit,
        client=visit.client,
        decision=decision,
        occasion=occasion,
        amount=amount,
        status=Status.WAIVED,
        at=desk.at,
        by=desk.staff,
        location=desk.location,
        **waived(reason_of(reason), desk),
    )


def collect(*, fee: Fee, desk: Desk) -> Fee:
    """Ask the card on file for a fee that is still to do. Never inside a transaction.

    The client's own where none was kept with the booking, or that one has expired: whoever presses
    this has asked them.

    Without a card that can be charged it becomes an IOU where that is allowed, but not where it was
    booked and canceled online; else Refused says what else can be done. One that is paid or being
    charged stays as it is.
    """
    require(desk, permissions.MODIFY_SALES, "charge a fee")
    with transaction.atomic(durable=True):
        locked = lock_fee(fee)
        if locked.status != Status.TO_DO:
            return locked
        check_no_sale(locked)
        attempt = _begin(locked, _card_to_collect_from(locked, desk), desk)
        if attempt is None and locked.status == Status.TO_DO:
            raise Refused(
                f"{locked.failure or 'There is no card on file.'} Nothing was charged. Take a "
                "payment for it at the desk, or waive it."
            )
    if attempt:
        send(attempt)
    return Fee.objects.get(pk=fee.pk)


def card_failed(fee: Fee, failure: str, desk: Desk) -> None:
    """The card did not pay the locked fee: an IOU where that may be, else somebody has to look.

    Nobody owes by itself for what may have been booked in their name.
    """
    fee.status, fee.failure = Status.TO_DO, failure[:300]
    is_proven = fee.by_id is not None or not is_booked_online(fee.appointment)
    if is_proven and (order := owe(fee, desk)):
        fee.status, fee.order = Status.OWED, order
    fee.save(update_fields=["status", "failure", "order"])


def _begin(fee: Fee, card: CardOnFile | None, desk: Desk) -> Attempt | None:
    """An attempt with the card on file; None where there is no card to ask, and what is then."""
    why_not = _why_not(fee, card, desk)
    if card is None or why_not:
        card_failed(fee, why_not, desk)
        return None
    with as_refused():
        attempt = begin(
            purpose=FEE,
            reference=str(fee.uuid),
            amount=fee.rest,
            way=Attempt.Way.ON_FILE,
            description=f"{fee.get_occasion_display()} fee",
            desk=desk,
            uuid=uuids.uuid5(fee.uuid, str(_attempts_of(fee))),
            client=fee.client,
            card=card,
        )
    fee.status, fee.failure = Status.CHARGING, ""
    fee.save(update_fields=["status", "failure"])
    return attempt


def _card_to_collect_from(fee: Fee, desk: Desk) -> CardOnFile | None:
    kept = card_for(fee.appointment)
    if kept and not expires_before(kept, desk.business_date):
        return kept
    return default_card(fee.client) or kept


def _why_not(fee: Fee, card: CardOnFile | None, desk: Desk) -> str:
    """Why the card is not asked; empty where it is."""
    if not gateways.connected():
        return "No card processor is connected."
    if card is None:
        return why_no_card(fee.appointment)
    return f"{card} has expired." if expires_before(card, desk.business_date) else ""


def _attempts_of(fee: Fee) -> int:
    return Attempt.objects.filter(purpose=FEE, reference=str(fee.uuid)).count()


def _same(twin: Fee, visit: Appointment) -> Fee:
    """What the same form wrote already. Refused where that was for another visit."""
    if twin.appointment_id != visit.pk:
        raise Refused(
            "This form was used for the fee of another visit. Nothing was changed. Load the page "
            "again."
        )
    return twin


def _check(visit: Appointment, amount: Money) -> None:
    if minor(amount) <= 0:
        raise Refused("Enter an amount above zero.", field="fate-fee")
    if standing := standing_fee(visit):
        raise Refused(
            f"A fee of {said.amount(standing.amount)} was charged for this visit already. "
            "Nothing was changed.",
            field="fate-fee",
        )
    if amount > (most := value_of(visit)):
        raise Refused(
            f"The services of this visit cost {said.amount(most)}, and the fee is never more. "
            "Nothing was changed.",
            field="fate-fee",
        )
