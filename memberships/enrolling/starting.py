"""Somebody is a member: the enrolment is paid, or nothing was due for it."""

import datetime as dt
from collections.abc import Sequence

from checkout.models import LineItem
from memberships import schedule
from memberships.changing import history
from memberships.enrolling.offer import schedule_from
from memberships.enrolling.terms import copy_terms
from memberships.enrolling.words import day_said, paid_said
from memberships.errors import Refused
from memberships.models import Enrolment, Event, Membership, Period
from memberships.own import telling
from memberships.schedule import First, Schedule
from salon import clock


def start(
    *, enrolment: Enrolment, at: dt.datetime, line: LineItem | None, opened: Sequence[int | None]
) -> Membership:
    """Make the membership, and its first period as paid where the line was for that.

    In a transaction, with the enrolment locked. `opened`: the lot of what was paid and that of the
    bonus, None for each that there is none of. Without a line nothing was due yet: a trial with no
    joining fee, begun online. Raises Refused where it started already.
    """
    if not enrolment.is_waiting:
        raise Refused(
            f"This enrolment is over already ({enrolment.get_status_display().lower()}). Nothing "
            "was changed."
        )
    first = first_of(enrolment)
    rhythm = schedule_from(first, enrolment.every, enrolment.billing_day)
    membership = _make(enrolment, first, rhythm, at)
    _end(enrolment, line, at)
    by = enrolment.asked_by
    history.write(membership, Event.Kind.STARTED, _story(enrolment), at=at, by=by)
    if line is not None and not enrolment.has_trial:
        period = _first_period(membership, enrolment, line, opened, at)
        text = paid_said(line.total, period.adds)
        history.write(membership, Event.Kind.PAID, text, at=at, by=by)
    telling.tell_started(membership)
    return membership


def first_of(enrolment: Enrolment) -> First:
    """The first period that was agreed to; no queries."""
    return schedule.first_period(enrolment.first_from, enrolment.every, enrolment.billing_day)


def _make(enrolment: Enrolment, first: First, rhythm: Schedule, at: dt.datetime) -> Membership:
    trial, least = enrolment.has_trial, enrolment.minimum_periods
    membership = Membership(
        plan=enrolment.plan,
        client=enrolment.client.survivor,
        enrolment=enrolment,
        location=enrolment.location,
        card=enrolment.card,
        started_on=clock.business_date(enrolment.location, at),
        trial_until=first.starts_on if trial else None,
        minimum_until=rhythm.start_of(least) if least else None,
        billing_day=enrolment.billing_day,
        anchor_on=rhythm.on,
        anchor_number=rhythm.number,
        next_number=0 if trial else 1,
        next_charge_on=first.starts_on if trial else first.until_on,
    )
    copy_terms(enrolment, membership)
    membership.save()
    return membership


def _end(enrolment: Enrolment, line: LineItem | None, at: dt.datetime) -> None:
    enrolment.status = Enrolment.Status.STARTED
    enrolment.ended_at = at
    enrolment.line = line
    enrolment.save(update_fields=["status", "ended_at", "line"])


def _first_period(
    membership: Membership,
    enrolment: Enrolment,
    line: LineItem,
    opened: Sequence[int | None],
    at: dt.datetime,
) -> Period:
    paid_lot, bonus_lot = opened
    period = Period(
        membership=membership,
        plan=enrolment.plan,
        number=0,
        starts_on=enrolment.first_from,
        until_on=enrolment.first_until,
        status=Period.Status.PAID,
        made_at=at,
        by=enrolment.asked_by,
        order=line.order,
        line=line,
        paid_lot_id=paid_lot,
        bonus_lot_id=bonus_lot,
        paid_at=at,
    )
    copy_terms(enrolment, period)
    period.price, period.adds = enrolment.first_price, enrolment.first_adds
    period.save()
    return period


def _story(enrolment: Enrolment) -> str:
    """Gold, on Visa •••• 4242; the trial lasts until Dec 6, 2026."""
    card = f", on {enrolment.card}" if enrolment.card else ""
    trial = f"; the trial lasts until {day_said(enrolment.first_from)}"
    return f"{enrolment.plan}{card}{trial if enrolment.has_trial else ''}"
