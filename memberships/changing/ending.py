"""The end of a membership: nothing is charged any more, and what does not stay is lost."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction

from memberships.changing import blocking, history
from memberships.changing.lapsing import lapse
from memberships.locking import lock_membership
from memberships.models import Event, Membership
from memberships.own import telling
from memberships.renewing.due import Days
from memberships.renewing.settling import let_go_at_the_end
from salon import clock
from salon.desk import Desk
from salon.models import StaffMember, Till

log = logging.getLogger(__name__)


def end(
    membership: Membership,
    *,
    on: dt.date,
    reason: str,
    at: dt.datetime,
    by: StaffMember | None = None,
    till: Till | None = None,
) -> Membership:
    """It is over from this day on. With the membership locked, and no charge of it under way.

    What is owed of it is let go, a pause ends, what was not to stay is taken from the balance.
    `till`: where somebody ended it, of any location; what is posted belongs to the membership's.
    """
    desk = Desk(staff=by, location=membership.location, at=at, by_itself=True)
    let_go_at_the_end(membership, desk=desk, reason="the membership ended")
    membership.pauses.filter(resumed_on=None).update(resumed_on=on)
    membership.status, membership.ended_on = Membership.Status.ENDED, on
    membership.ends_on = on
    membership.end_reason = reason.strip()[:240]
    membership.next_charge_on = membership.next_plan = membership.noticed_on = None
    membership.save(
        update_fields=[
            "status",
            "ended_on",
            "ends_on",
            "end_reason",
            "next_charge_on",
            "next_plan",
            "noticed_on",
        ]
    )
    text = f"Ended{f': {membership.end_reason}' if membership.end_reason else '.'}"
    history.write(membership, Event.Kind.ENDED, text, at=at, by=by, till=till)
    lapse(membership, desk)
    telling.tell_ended(membership)
    return membership


def end_due(now: dt.datetime | None = None, trouble: Callable[[], object] | None = None) -> int:
    """End what was canceled to a day that has come; how many. `trouble` hears of each that failed.

    Never inside a transaction. Each in one of its own, any number of workers at once. One whose
    card is being charged waits for the next run.
    """
    now = now or clock.now()
    days = Days(now)
    ending = Membership.objects.filter(ends_on__lte=days.latest, ended_on=None)
    rows = list(ending.order_by("ends_on", "pk"))
    return sum(
        _end_due(row, days, now, trouble)
        for row in rows
        if row.ends_on and days.has_come(row.location_id, row.ends_on)
    )


def _end_due(
    membership: Membership, days: Days, now: dt.datetime, trouble: Callable[[], object] | None
) -> bool:
    try:
        with transaction.atomic(durable=True):
            locked = lock_membership(membership)
            ends_on = locked.ends_on
            if locked.ended_on or ends_on is None or not days.has_come(locked.location_id, ends_on):
                return False
            if blocking.charging(locked):
                return False
            end(locked, on=ends_on, reason=locked.end_reason, at=now)
    except Exception:
        log.exception("membership %s was not ended", membership.uuid)
        if trouble:
            trouble()
        return False
    return True
