"""Disputes: a client's bank takes a charge back, and decides in the end who keeps it.

Each event brings the dispute as it stood, and they come in any order. So none is an act: each is
read for facts (the money was withdrawn; it was won; it was lost), and then what these facts ask
for and is not posted yet is posted.

    withdrawn   debit disputed            credit the processor     and its fee
    won         debit the processor       credit disputed
    lost        debit disputes lost       credit disputed

What a lost one paid for, its purpose is told: a provider may owe their share back.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cards import attempts, events
from cards.events import NotOurs
from cards.finding import attempt_of
from cards.models import Attempt, Dispute, ProcessorEvent
from cards.purposes import purpose_of
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.models import Entry
from ledger.posting import Cause, post
from salon import clock
from salon.desk import Desk
from salon.money import minor, money

EVENTS = (
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
)
_Status = Dispute.Status
_ENDS = {"won": _Status.WON, "warning_closed": _Status.WON, "lost": _Status.LOST}


def register() -> None:
    """Have its events handled; called once, when the program starts."""
    for kind in EVENTS:
        events.on(kind, note_dispute)


@dataclass(frozen=True)
class _Facts:
    """What one event says for certain; amounts in minor units."""

    is_withdrawn: bool
    is_back: bool
    fee: int
    fee_back: int
    end: str

    @classmethod
    def read(cls, event: ProcessorEvent) -> "_Facts":
        moved = event.object.get("balance_transactions") or []
        taken = [one for one in moved if _gain(one) < (0, 0)]
        given = [one for one in moved if _gain(one) > (0, 0)]
        is_back = event.type.endswith("funds_reinstated")
        return cls(
            is_withdrawn=bool(taken) or is_back or event.type.endswith("funds_withdrawn"),
            is_back=is_back,
            fee=sum(one.get("fee") or 0 for one in taken),
            fee_back=-sum(one.get("fee") or 0 for one in given),
            end=_ENDS.get(event.object.get("status") or "", ""),
        )


def _gain(moved: Mapping[str, Any]) -> tuple[int, int]:
    """What moved to the salon, and where nothing did, its fee."""
    return moved["amount"], -(moved.get("fee") or 0)


def note_dispute(event: ProcessorEvent) -> None:
    """Write down what an event says of a dispute, and post what follows. Raises NotOurs."""
    attempt = attempt_of(event.object)
    if attempt.status != Attempt.Status.SUCCEEDED:
        # Faster than the news that it was paid.
        attempt = attempts.settle(attempt)
    if attempt.status != Attempt.Status.SUCCEEDED:
        raise NotOurs("It is about a payment that took nothing.")
    facts = _Facts.read(event)
    with transaction.atomic():
        purpose_of(attempt).lock(attempt.reference)
        row = _row(attempt, event.object)
        _note(row, facts)
        _post_missing(row, facts)


def _row(attempt: Attempt, found: Mapping[str, Any]) -> Dispute:
    """The dispute's row, locked."""
    due = (found.get("evidence_details") or {}).get("due_by")
    Dispute.objects.get_or_create(
        gateway_id=found["id"],
        defaults={
            "attempt": attempt,
            "amount": money(found["amount"], str(found["currency"]).upper()),
            "reason": str(found.get("reason") or "")[:60],
            "answer_by": dt.datetime.fromtimestamp(due, dt.UTC) if due else None,
            "opened_at": clock.now(),
        },
    )
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("attempt__location")
    return rows.get(gateway_id=found["id"])


def _note(row: Dispute, facts: _Facts) -> None:
    """An end is final, but for money that came back after all. A fee is known once it was taken."""
    if facts.is_back:
        row.status = _Status.WON
    elif facts.end and row.status == _Status.OPEN:
        row.status = facts.end
    if row.status != _Status.OPEN and row.closed_at is None:
        row.closed_at = clock.now()
    if facts.fee and not row.withdrawn_entry_id:
        row.fee = money(facts.fee, str(row.amount.currency))
    row.save()


def _post_missing(row: Dispute, facts: _Facts) -> None:
    if facts.is_withdrawn and not row.withdrawn_entry_id:
        fee = minor(row.fee)
        row.withdrawn_entry_id = _post(row, "withdrawn", accounts.DISPUTED, accounts.PROCESSOR, fee)
    if row.withdrawn_entry_id and row.status == _Status.WON:
        _post_won(row, facts)
    elif row.withdrawn_entry_id and row.status == _Status.LOST and not row.closed_entry_id:
        row.closed_entry_id = _post(row, "lost", accounts.DISPUTES_LOST, accounts.DISPUTED)
        purpose_of(row.attempt).dispute_lost(row)
    row.save(update_fields=["withdrawn_entry", "closed_entry"])


def _post_won(row: Dispute, facts: _Facts) -> None:
    """The money is back; where it was written off as lost before, out of that."""
    fee = -facts.fee_back
    if not row.closed_entry_id:
        row.closed_entry_id = _post(row, "won", accounts.PROCESSOR, accounts.DISPUTED, fee)
    elif row.closed_entry and row.closed_entry.key.endswith(":lost"):
        key = f"dispute:{row.gateway_id}:won"
        if not Entry.objects.filter(key=key).exists():
            _post(row, "won", accounts.PROCESSOR, accounts.DISPUTES_LOST, fee)
            purpose_of(row.attempt).dispute_turned(row)


def _post(row: Dispute, step: str, debit: str, credit: str, fee: int = 0) -> int | None:
    """`fee`: what the processor keeps besides; below zero, what it gives back of that.

    None where nothing moves: all of the payment had gone back before.
    """
    legs = []
    for to, of, cents in (
        (debit, credit, minor(row.amount)),
        (accounts.PROCESSOR_FEES, accounts.PROCESSOR, fee),
    ):
        if cents:
            legs += [Move(to, cents), Move(of, -cents)]
    if not legs:
        return None
    return post(
        key=f"dispute:{row.gateway_id}:{step}",
        kind=EntryKind.DISPUTE,
        legs=legs,
        desk=Desk(staff=None, location=row.attempt.location),
        cause=Cause("card", str(row.attempt.uuid)),
    ).entry_id
