"""A time in which nothing is charged and nothing added, and going on after it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction

from memberships.changing import history
from memberships.changing.acting import allow, locked_at
from memberships.changing.pause_quotes import (
    GOING_ON,
    go_on,
    open_pause,
    pause_quote,
    resume_quote,
)
from memberships.enrolling.words import day_said
from memberships.models import Event, Membership, Pause
from memberships.own import telling
from memberships.renewing.due import Days
from salon import clock
from salon.desk import Desk

log = logging.getLogger(__name__)

_DOING = "pause and resume memberships"


@transaction.atomic
def pause(
    *, membership: Membership, until: dt.date | None, reason: str, desk: Desk, seen: str = ""
) -> Pause:
    """Charge nothing from now on, until that day or until somebody resumes it.

    Locks the membership. `seen`: the stamp of the quote that the page showed. Raises Refused where
    a charge is owed or under way, and for a day that changes nothing.
    """
    allow(desk, _DOING)
    locked, where = locked_at(membership, desk)
    pause_quote(locked, until, where.business_date).check(seen)
    assert locked.next_charge_on is not None  # nosec B101 - what is active has a next charge
    made = Pause.objects.create(
        membership=locked,
        from_on=where.business_date,
        until_on=until,
        was_next_on=locked.next_charge_on,
        reason=reason.strip()[:240],
        at=desk.at,
        by=desk.staff,
    )
    locked.status, locked.next_charge_on = Membership.Status.PAUSED, None
    locked.noticed_on = None
    locked.save(update_fields=["status", "next_charge_on", "noticed_on"])
    ends = f"until {day_said(until)}" if until else "until somebody resumes it"
    text = f"Paused {ends}{f': {made.reason}' if made.reason else '.'}"
    history.write(locked, Event.Kind.PAUSED, text, at=desk.at, by=desk.staff, till=desk.till)
    telling.tell_changed(locked)
    return made


def resume(*, membership: Membership, desk: Desk, seen: str = "") -> Membership:
    """End the pause now; where what was paid is over, the next period is charged at once.

    Never inside a transaction: a card may be asked. A card that does not pay leaves the membership
    past due. `seen`: the stamp of the quote that the page showed. Locks the membership.
    """
    # Renewing ends pauses whose day has come, so it reads this module first.
    from memberships.renewing.renewing import renew

    allow(desk, _DOING)
    with transaction.atomic(durable=True):
        locked, where = locked_at(membership, desk)
        resume_quote(locked, where.business_date).check(seen)
        found = open_pause(locked)
        assert found is not None  # nosec B101 - the quote would say why not
        _go_on(locked, found, where.business_date, where)
    if locked.next_charge_on and locked.next_charge_on <= where.business_date:
        renew(locked, now=desk.at)
    return Membership.objects.select_related("client", "plan", "location").get(pk=locked.pk)


def resume_due(now: dt.datetime | None = None, trouble: Callable[[], object] | None = None) -> int:
    """Resume those whose pause ends by itself on a day that has come; how many. `trouble` hears of
    each that failed.

    Never inside a transaction. Each in one of its own, any number of workers at once. They go on
    from the day that was said, however late this runs; charging them is the next step of renewing.
    """
    now = now or clock.now()
    days = Days(now)
    over = Pause.objects.filter(resumed_on=None, until_on__lte=days.latest)
    waiting = over.filter(membership__ends_on=None).order_by("until_on", "pk")
    rows = list(waiting.select_related("membership__location"))
    return sum(
        _resume_due(row.membership, now, trouble)
        for row in rows
        if row.until_on and days.has_come(row.membership.location_id, row.until_on)
    )


def _resume_due(
    membership: Membership, now: dt.datetime, trouble: Callable[[], object] | None
) -> bool:
    try:
        with transaction.atomic(durable=True):
            desk = Desk(staff=None, location=membership.location, at=now, by_itself=True)
            locked, where = locked_at(membership, desk)
            found = open_pause(locked)
            if locked.ends_on or found is None or found.until_on is None:
                return False
            if found.until_on > where.business_date:
                return False
            _go_on(locked, found, found.until_on, where)
    except Exception:
        log.exception("membership %s was not resumed", membership.uuid)
        if trouble:
            trouble()
        return False
    return True


def _go_on(membership: Membership, pause: Pause, on: dt.date, desk: Desk) -> None:
    """Both are locked."""
    go_on(membership, pause, on)
    membership.save(update_fields=GOING_ON)
    pause.resumed_on = on
    pause.save(update_fields=["resumed_on"])
    assert membership.next_charge_on is not None  # nosec B101 - it goes on
    text = f"Resumed; the next charge is on {day_said(membership.next_charge_on)}."
    history.write(membership, Event.Kind.RESUMED, text, at=desk.at, by=desk.staff, till=desk.till)
    telling.tell_changed(membership)
