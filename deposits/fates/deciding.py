"""Deciding what becomes of a deposit: moved, kept as balance, refunded, forfeited, or parted.

    answer = Answer("by_hand", [Wish("kept", half), Wish("refunded", half)], uuid=...)
    decide(visit=..., answer=answer, desk=...)

The parts add up to what is held, to the cent. Each is an entry of its own, or a refund of the sales
that sold it; each can be taken back by itself (undoing.py). How the lots move is in posting.py.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping

from django.db import transaction

from appointments import changes
from appointments.locking import lock
from appointments.models import Appointment
from clients.models import Client
from clients.standing import hold
from deposits.errors import MOVED_ON, Refused, as_refused
from deposits.fates.checks import Answer, Wanted, Wish, check, require, same, summed, target, whose
from deposits.fates.consequences import Consequence
from deposits.fates.held import Held, held_for
from deposits.fates.posting import Parting
from deposits.models import Decision, Fate
from salon import permissions
from salon.desk import Desk

__all__ = ["Answer", "Wish", "answers_for", "decide", "decide_locked"]

Kind = Fate.Kind

_ORDER = [Kind.REFUNDED, Kind.FORFEITED, Kind.MOVED, Kind.KEPT]
"""Cards first: they can take back only some of the lots."""


@transaction.atomic
def decide(*, visit: Appointment, answer: Answer, desk: Desk) -> Decision:
    """Write what becomes of all that is held for the visit, and do it.

    The same answer again finds the decision that it made; with other content it is refused.
    Raises Refused, and nothing is changed: parts that do not add up, a visit that nothing can be
    held for, a part that no card can take back, a missing permission. Locks the sales that sold
    what is held, the visit, visits that it moves to, the client, their accounts.
    """
    changes.prepare(visit)
    locked = lock(visit)
    open_sale = locked.orders.filter(status="open").first()
    if open_sale is not None and not Decision.objects.filter(uuid=answer.uuid).exists():
        raise Refused(
            f"Sale #{open_sale.number} of this visit is open. Close it or void it first. "
            "Nothing was changed."
        )
    return decide_locked(visit=locked, answer=answer, desk=desk)


def decide_locked(
    *, visit: Appointment, answer: Answer, desk: Desk, becomes: Client | None = None
) -> Decision:
    """As `decide`, with the visit and its sales locked already: part of a change of the visit.

    `becomes`: whose the visit becomes; what moves to the visit itself goes to that client.
    """
    require(desk, permissions.DECIDE_DEPOSITS, "decide what becomes of a deposit")
    wanted = summed(answer.wishes)
    if twin := Decision.objects.filter(uuid=answer.uuid).first():
        return same(twin, visit, wanted)
    held = held_for(visit)
    check(held, wanted, desk)
    targets = {
        to: target(to, visit, held, becomes) for kind, to in wanted if kind == Kind.MOVED and to
    }
    decision = answer.decision(visit, held.amount, whose(held), desk)
    with as_refused():
        return _write(held, wanted, targets, becomes, desk, decision)


def answers_for(consequence: Consequence, uuid: uuids.UUID) -> Mapping[str, str]:
    """What a sheet would send that takes the policy's word for all: for who has agreed to it."""
    answers = {"fate-uuid": str(uuid), "fate-held": f"{consequence.held.amount:f}"}
    if consequence.parts:
        answers["fate-how"] = "split"
        for kind, amount in consequence.parts:
            name = "transfer" if kind == Kind.MOVED else kind
            answers[f"fate-{name}"] = f"{amount.amount:f}"
    if consequence.fee:
        answers["fate-fee"] = f"{consequence.fee.amount:f}"
    return answers


def _write(
    held: Held,
    wanted: Wanted,
    targets: Mapping[int, Appointment],
    becomes: Client | None,
    desk: Desk,
    decision: Decision,
) -> Decision:
    # Before any account is locked: who merges clients holds them first.
    for client in sorted(
        {decision.client, *([becomes] if becomes else [])}, key=lambda client: client.pk
    ):
        hold(client)
    decision.save(force_insert=True)
    parting = Parting(held, decision, desk, becomes)
    for kind, to in sorted(wanted, key=lambda part: (_ORDER.index(Kind(part[0])), part[1] or 0)):
        parting.write(Kind(kind), wanted[kind, to], targets.get(to) if to else None)
    if not parting.is_whole:
        raise Refused(MOVED_ON)
    return decision
