"""Releasing: what is held for a visit becomes credit that the client can spend on anything."""

from collections.abc import Sequence

from django.db import transaction

from ledger.kinds import EntryKind
from ledger.legs import Leg, Open, Take, Terms
from ledger.models import Lot
from ledger.posting import Cause, Posted, post
from salon.desk import Desk

_NOTHING = Cause()


@transaction.atomic
def release(
    *, lots: Sequence[Lot], desk: Desk, key: str, reason: str, cause: Cause = _NOTHING
) -> Posted | None:
    """Move what remains of held lots to children without the earmark; None where nothing does.

    All else stays: source, age, holder, expiry, restriction, and so much of the card ceiling. What
    the client owes is not settled: this money was in before. `lots` come with their account;
    `reason` stands in the statement. One entry. Raises LotMoved when one of them was spent or moved
    meanwhile; nothing is released then.
    """
    held = [lot for lot in lots if lot.remaining and lot.appointment_id]
    if not held:
        return None
    legs: list[Leg] = [Take(lot.pk, lot.remaining) for lot in held]
    legs += [
        Open(lot.account.name, lot.remaining, Terms(cleared=("visit",)), parent=lot.pk)
        for lot in held
    ]
    return post(key=key, kind=EntryKind.LOT_CHANGE, legs=legs, desk=desk, note=reason, cause=cause)
