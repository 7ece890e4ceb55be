"""Periods that nobody charged in time, where the owner wants to be asked of each."""

from __future__ import annotations

from django.db import transaction

from checkout.locking import require
from memberships.changing import history
from memberships.errors import Refused, as_refused
from memberships.locking import lock_period
from memberships.models import Event, Period
from memberships.renewing.charging import ask, check_no_sale
from salon import permissions
from salon.desk import Desk

Status = Period.Status


def charge_missed(*, period: Period, desk: Desk) -> Period:
    """Charge it to the card after all; the period as it stands then.

    Never inside a transaction. One that the card does not pay is asked about again, with the
    reason: the membership stays active. Raises Refused where the membership is not, or where there
    is no card to ask: then nothing was changed.
    """
    _require(desk)
    return ask(period, desk, (Status.ASKED,))


@transaction.atomic
def skip_missed(*, period: Period, desk: Desk) -> Period:
    """Never charge it. Once more changes nothing. Locks the membership."""
    _require(desk)
    locked = lock_period(period.uuid)
    if locked.status == Status.SKIPPED:
        return locked
    if locked.status != Status.ASKED:
        raise Refused(f"This period is {locked.get_status_display().lower()}. Nothing was skipped.")
    check_no_sale(locked)
    locked.status = Status.SKIPPED
    locked.save(update_fields=["status"])
    text = f"The missed period from {locked.starts_on:%b %-d, %Y} is not charged."
    history.write(
        locked.membership, Event.Kind.SKIPPED, text, at=desk.at, by=desk.staff, till=desk.till
    )
    return locked


def _require(desk: Desk) -> None:
    with as_refused():
        require(desk, permissions.MANAGE_MEMBERSHIPS, "charge or skip a missed period")
