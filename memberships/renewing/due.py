"""What has to be done by now, a batch at a time, without ever holding more than one row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from memberships.models import Membership, Period
from salon import clock
from salon.models import Location

_CHARGING = Period.objects.filter(membership=OuterRef("pk"), status=Period.Status.CHARGING)
"""Also a difference to a dearer plan: the terms of the next period wait for what becomes of it."""


def to_renew() -> QuerySet[Membership]:
    """Those with a period to charge some day, and none that is being charged at this moment."""
    return Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=F("next_charge_on")),
        ~Exists(_CHARGING),
        status=Membership.Status.ACTIVE,
        next_charge_on__isnull=False,
    )


def is_due(membership: Membership, today: dt.date) -> bool:
    """Whether a period of a locked membership is to be charged. One query at most."""
    if membership.status != Membership.Status.ACTIVE or membership.next_charge_on is None:
        return False
    if membership.next_charge_on > today:
        return False
    if membership.ends_on is not None and membership.ends_on <= membership.next_charge_on:
        return False
    return not membership.periods.filter(status=Period.Status.CHARGING).exists()


def to_try_again() -> QuerySet[Period]:
    """Periods whose card failed and is asked again some day."""
    return Period.objects.filter(status=Period.Status.PAST_DUE, next_try_on__isnull=False)


class Days:
    """The business day of each location at one moment. One query."""

    def __init__(self, now: dt.datetime) -> None:
        self._days = {
            location.pk: clock.business_date(location, now) for location in Location.objects.all()
        }

    @property
    def latest(self) -> dt.date:
        """The day of whoever is furthest east: nobody is due by a later one."""
        return max(self._days.values(), default=dt.date.min)

    def has_come(self, location_id: int, day: dt.date) -> bool:
        """Whether it is that day at the location, or later."""
        return day <= self._days[location_id]

    def reached(self, day: str, location: str) -> Q:
        """Rows whose field `day` has come at the location that `location` names."""
        come = Q(**{f"{day}__lte": self.latest})
        for behind in {it for it in self._days.values() if it < self.latest}:
            there = [pk for pk, today in self._days.items() if today == behind]
            come &= ~Q(**{f"{location}__in": there, f"{day}__gt": behind})
        return come


def renewals(days: Days) -> QuerySet[Membership]:
    """Memberships whose next period has begun, the longest due first."""
    reached = days.reached("next_charge_on", "location_id")
    return to_renew().filter(reached).order_by("next_charge_on", "pk")


def retries(days: Days) -> QuerySet[Period]:
    """Periods whose next try has come, the longest due first."""
    reached = days.reached("next_try_on", "membership__location_id")
    return to_try_again().filter(reached).order_by("next_try_on", "pk")


def batches(rows: QuerySet[Any], batch: int) -> Iterator[list[int]]:
    """The ids of rows that are ordered by a day and their id, so many at once. One query a batch.

    By keyset: what is done meanwhile, by whomever, moves nobody's place. A row whose day moves on
    and is due all the same comes again after the others: the second of two missed periods.
    """
    day = str(rows.query.order_by[0])
    after: tuple[dt.date, int] | None = None
    while True:
        left = rows
        if after:
            left = rows.filter(
                Q(**{f"{day}__gt": after[0]}) | Q(**{day: after[0], "pk__gt": after[1]}),
                **{f"{day}__gte": after[0]},
            )
        found = list(left.values_list(day, "pk")[:batch])
        if not found:
            return
        yield [pk for _, pk in found]
        after = found[-1]
