"""A client cancels their own visit, told beforehand what becomes of the money, and just that."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid as uuids

from django.db import transaction

from appointments import canceling, changes
from appointments.booking import fingerprint
from appointments.errors import StaleVisit
from appointments.locking import lock
from appointments.models import Appointment
from deposits.fates import deciding
from deposits.fates.consequences import Consequence, consequence_of
from deposits.models import Decision
from deposits.own import telling
from deposits.own.standing import NotOnline, Stand, stand_of
from salon.desk import Desk


def consequence_now(visit: Appointment, at: dt.datetime) -> Consequence:
    """What canceling it now would do: in time, or late."""
    return consequence_of(visit, occasion=Decision.Occasion.LATE, at=at)


def print_of(visit: Appointment, consequence: Consequence) -> str:
    """What the page shows of both, in short: another one as soon as anything of it changes."""
    parts = [
        fingerprint(visit),
        consequence.occasion,
        *(f"{kind} {amount}" for kind, amount in consequence.parts),
        f"{consequence.fee} {consequence.fee_rest}",
        consequence.sentence,
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


@transaction.atomic
def cancel_online(
    *, visit: Appointment, seen: str, reason: str, uuid: uuids.UUID, desk: Desk
) -> Appointment:
    """Cancel it, late after the deadline, with the consequence that the client has seen.

    `seen`: the `print_of` what was shown; StaleVisit where that is not so any more. NotOnline where
    it can't be canceled online. A visit that is canceled already stays as it is. Locks its sales,
    then the visit.
    """
    changes.prepare(visit)
    locked = lock(visit)
    stand = stand_of(locked, desk.at)
    if stand in (Stand.CANCELED, Stand.LATE):
        return locked
    if stand != Stand.AHEAD:
        raise NotOnline("This visit can’t be canceled online any more. Nothing was changed.")
    consequence = consequence_now(locked, desk.at)
    if seen != print_of(locked, consequence):
        raise StaleVisit("Something changed while you looked. Nothing was canceled.")
    end = canceling.mark_late if consequence.is_late else canceling.cancel
    told = {"fate-tell": "on", "fate-told": consequence.sentence}
    answers = {**deciding.answers_for(consequence, uuid), **told}
    ended = end(appointment=locked, reason=reason, desk=desk, answers=answers)
    # Once: what the decision tells is word for word the same.
    telling.tell_canceled(ended, consequence.sentence)
    return ended
