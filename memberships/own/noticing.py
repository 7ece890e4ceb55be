"""Telling members of a charge some days before it: once for each charge."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F

from memberships.locking import lock_membership
from memberships.models import Membership, MembershipSettings
from memberships.own.telling import address_for, tell_upcoming
from salon import clock

log = logging.getLogger(__name__)

BATCH = 500
"""Read at once."""


def notice_due(now: dt.datetime | None = None) -> int:
    """Tell who is charged within the owner's days of notice; how many were told.

    Never inside a transaction. Any number of workers at once; each membership in a transaction of
    its own, under its lock. Who has no e-mail address is not told, and not looked at again.
    """
    now, days = now or clock.now(), MembershipSettings.current().notice_days
    if not days:
        return 0
    told, after = 0, 0
    while batch := _batch(now, days, after):
        told += sum(_quietly(membership, now, days) for membership in batch)
        after = batch[-1].pk
    return told


def _batch(now: dt.datetime, days: int, after: int) -> list[Membership]:
    """Those that may be due: each location's own day is asked under the lock. One query."""
    # A day more: somewhere it is tomorrow already.
    latest = now.date() + dt.timedelta(days=days + 1)
    coming = Membership.objects.filter(
        status=Membership.Status.ACTIVE, next_charge_on__lte=latest, pk__gt=after
    )
    untold = coming.exclude(noticed_on=F("next_charge_on"), noticed_on__isnull=False)
    return list(untold.select_related("location").order_by("pk")[:BATCH])


def _quietly(membership: Membership, now: dt.datetime, days: int) -> bool:
    """One that fails does not stop the others; the next run tries it again."""
    if not _is_near(membership, now, days):
        return False
    try:
        return _notice(membership, now, days)
    except Exception:
        log.exception("membership %s: no notice was sent", membership.uuid)
        return False


def _is_near(membership: Membership, now: dt.datetime, days: int) -> bool:
    today, on = clock.business_date(membership.location, now), membership.next_charge_on
    return on is not None and today < on <= today + dt.timedelta(days=days)


@transaction.atomic
def _notice(membership: Membership, now: dt.datetime, days: int) -> bool:
    locked = lock_membership(membership)
    if locked.status != Membership.Status.ACTIVE or not _is_near(locked, now, days):
        return False
    if locked.noticed_on == locked.next_charge_on:
        return False
    locked.noticed_on = locked.next_charge_on
    locked.save(update_fields=["noticed_on"])
    tell_upcoming(locked)
    return bool(address_for(locked))
