"""After a change of a visit: what became of its deposit and of a fee, for the page that follows."""

from __future__ import annotations

import uuid as uuids

from appointments.changes import Change, Kind
from deposits.fates.carrying import carry_of
from deposits.fates.form import PREFIX
from deposits.fates.held import held_for_visits
from deposits.fates.words import sentences_of
from deposits.models import Decision, Fee
from salon import said
from salon.addresses import uuid_of

Status = Fee.Status

_FEE = uuids.UUID("a4c7f7de-0b1b-4f0e-8a55-5c9f8d5b1d42")


def fee_uuid(answer: uuids.UUID) -> uuids.UUID:
    """Of the fee that an answer charges: the same answer again charges it once."""
    return uuids.uuid5(_FEE, str(answer))


def outcomes_of(change: Change) -> list[str]:
    """Sentences about the money, as it is now; none where there was none. Nine queries at most."""
    answer = _answer(change)
    decision = Decision.objects.filter(uuid=answer).first() if answer else None
    fee = Fee.objects.filter(uuid=fee_uuid(answer)).first() if answer else None
    words = sentences_of(decision) if decision else []
    if change.kind == Kind.MOVED:
        words += _carried(change)
    if fee:
        words.append(_of_fee(fee))
    return words


def _answer(change: Change) -> uuids.UUID | None:
    return uuid_of(change.answers.get(f"{PREFIX}-uuid"))


def _carried(change: Change) -> list[str]:
    visit = change.appointment
    amount = held_for_visits([visit]).get(visit.pk)
    if amount is None or change.starts_at in (None, visit.starts_at):
        return []
    carried = carry_of(visit).words
    often = f" ({carried})" if carried else ""
    return [f"Its {said.amount(amount)} deposit goes with it{often}."]


def _of_fee(fee: Fee) -> str:
    rest = said.amount(fee.rest)
    if fee.status == Status.WAIVED:
        return f"The fee of {said.amount(fee.amount)} is waived."
    if fee.status == Status.COVERED:
        return f"The fee of {said.amount(fee.amount)} is paid from the deposit."
    if fee.status == Status.PAID:
        return f"{rest} was charged to the card."
    if fee.status == Status.CHARGING:
        return f"The card is being asked for the fee of {rest}."
    if fee.status == Status.OWED:
        return f"The fee of {rest} stands on the client’s account as owed."
    return f"The fee of {rest} is not paid: it is under Deposits, Fees."
