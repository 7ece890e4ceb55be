"""The periods that a membership comes to, as rows; and its own place in the schedule.

Everything here is called with the membership locked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from memberships.enrolling.terms import copy_terms
from memberships.models import Membership, Period
from memberships.schedule import First, Schedule, first_period
from salon.desk import Desk


@dataclass(frozen=True)
class Span:
    """A period before it is written: its number, its days, what part of a whole one it is."""

    number: int
    days: First


def begun(membership: Membership, today: dt.date) -> list[Span]:
    """The periods that have begun by `today` and were never written, the oldest first.

    None begins once the membership is to end. No queries.
    """
    spans: list[Span] = []
    number, on = membership.next_number, membership.next_charge_on
    while on is not None and on <= today and not _is_over(membership, on):
        spans.append(Span(number, days_of(membership, number, on)))
        number, on = number + 1, spans[-1].days.until_on
    return spans


def days_of(membership: Membership, number: int, on: dt.date) -> First:
    """The days of a period that begins `on`: a part of one where that is not in the schedule.

    So it is after a trial or a pause, where the plan is charged on a day of the month.
    """
    schedule = schedule_of(membership)
    if on == schedule.start_of(number):
        return First(on, schedule.start_of(number + 1), 1, 1)
    return first_period(on, membership.every, membership.billing_day)


def schedule_of(membership: Membership) -> Schedule:
    """When its periods begin."""
    return Schedule(
        every=membership.every,
        on=membership.anchor_on,
        number=membership.anchor_number,
        billing_day=membership.billing_day,
    )


def new_period(membership: Membership, span: Span, status: str, desk: Desk) -> Period:
    """A period by the membership's terms of now, not saved yet."""
    period = Period(
        membership=membership,
        plan=membership.plan,
        number=span.number,
        starts_on=span.days.starts_on,
        until_on=span.days.until_on,
        status=status,
        made_at=desk.at,
    )
    copy_terms(membership, period)
    period.price = span.days.part(membership.price)
    period.adds = span.days.part(membership.adds)
    return period


def write(membership: Membership, spans: Sequence[Span], status: str, desk: Desk) -> None:
    """Write periods that are not charged now. One query, none for none."""
    if spans:
        rows = [new_period(membership, span, status, desk) for span in spans]
        Period.objects.bulk_create(rows)


def save(period: Period, fields: Sequence[str]) -> None:
    """Write these fields; all of them where the period is new. One query."""
    period.save(update_fields=None if period._state.adding else fields)


def go_past(membership: Membership, span: Span) -> None:
    """The next period is the one after this. Saving is the caller's (`PLACE`)."""
    membership.next_number = span.number + 1
    membership.next_charge_on = span.days.until_on
    if schedule_of(membership).start_of(span.number + 1) != span.days.until_on:
        membership.anchor_on, membership.anchor_number = span.days.until_on, span.number + 1


PLACE = ["next_number", "next_charge_on", "anchor_on", "anchor_number"]
"""The fields that `go_past` sets."""


def _is_over(membership: Membership, on: dt.date) -> bool:
    return membership.ends_on is not None and on >= membership.ends_on
