"""A period that no card paid: past due until the last of the owner's retry days, then unpaid."""

from __future__ import annotations

import datetime as dt

from memberships.changing import history
from memberships.models import Event, Membership, MembershipSettings, Period
from memberships.own.telling import tell_failed, tell_unpaid
from memberships.renewing.periods import save
from salon import clock

Status = Period.Status

_FIELDS = ["status", "failure", "next_try_on", "retries_done", "first_tried_on"]


def failed(
    period: Period, failure: str, *, is_ours: bool = False, is_unanswered: bool = False
) -> None:
    """Write that no card paid the period, which is locked or new, and when it is asked again.

    `is_ours`: it is the salon's fault, so the client hears nothing of it. `is_unanswered`: nobody
    said no (the processor was silent, the salon could not even ask): it is asked again the same
    day, or daily, and the owner's days stand still meanwhile.
    """
    membership, at = period.membership, clock.now()
    is_known = period.is_owed and period.failure == failure[:300]
    period.failure = failure[:300]
    if period.step:
        _decline(period, at)
    elif period.by_id:
        _ask_again(period, at)
    elif not membership.is_standing:
        _leave(period, at)
    elif is_unanswered:
        _wait(period, at, is_known=is_known)
    else:
        _dun(period, at, is_told=not is_ours)


def _dun(period: Period, at: dt.datetime, *, is_told: bool) -> None:
    """One of the owner's days, or more of them, are behind it."""
    today = clock.business_date(period.membership.location, at)
    days, first = MembershipSettings.current().days, period.first_tried_on or today
    behind = sum(first + dt.timedelta(days=day) <= today for day in days)
    is_news = behind > period.retries_done
    ahead = [first + dt.timedelta(days=day) for day in days[behind:]]
    period.first_tried_on, period.retries_done = first, behind
    _write(period, ahead[0] if ahead else None)
    _tell(period, at, is_told=is_told and is_news)


def _wait(period: Period, at: dt.datetime, *, is_known: bool) -> None:
    """Again today where the first try was not answered, else daily; the owner's days begin so much
    later.

    The desk reads of it once. After the last of those days it stays unpaid.
    """
    today = clock.business_date(period.membership.location, at)
    is_first = period.tries == 1 and period.status == Status.CHARGING
    soon = today if is_first else today + dt.timedelta(days=1)
    days = MembershipSettings.current().days
    if not period.retries_done:
        period.first_tried_on = None
    elif period.retries_done < len(days) and period.first_tried_on:
        ahead = soon - dt.timedelta(days=days[period.retries_done])
        period.first_tried_on = max(period.first_tried_on, ahead)
    _write(period, soon if period.retries_done < len(days) else None)
    if not is_known:
        _tell(period, at, is_told=False)


def _write(period: Period, next_try_on: dt.date | None) -> None:
    period.next_try_on = next_try_on
    period.status = Status.PAST_DUE if next_try_on else Status.UNPAID
    save(period, _FIELDS)
    period.membership.status = period.status
    period.membership.save(update_fields=["status"])


def _tell(period: Period, at: dt.datetime, *, is_told: bool) -> None:
    if period.next_try_on:
        text = f"{period.failure} Tried again on {period.next_try_on:%b %-d}."
        history.write(period.membership, Event.Kind.FAILED, text, at=at)
        if is_told:
            tell_failed(period)
        return
    text = f"{period.failure} Nothing more is charged until it is paid or let go."
    history.write(period.membership, Event.Kind.UNPAID, text, at=at)
    if is_told:
        tell_unpaid(period)


def _decline(period: Period, at: dt.datetime) -> None:
    """The difference to a dearer plan: the plan stays."""
    period.status = Status.DECLINED
    period.save(update_fields=["status", "failure", "first_tried_on"])
    text = f"The difference was not paid, so the plan stayed: {period.failure}"
    history.write(period.membership, Event.Kind.FAILED, text, at=at)


def _ask_again(period: Period, at: dt.datetime) -> None:
    """One that was missed, and that somebody charged after all: the desk decides anew."""
    period.status = Status.ASKED
    period.save(update_fields=["status", "failure", "first_tried_on"])
    text = f"The missed period from {period.starts_on:%b %-d} was not paid: {period.failure}"
    history.write(period.membership, Event.Kind.FAILED, text, at=at)


def _leave(period: Period, at: dt.datetime) -> None:
    """The membership ended while the card was asked: nobody is asked again."""
    period.status, period.next_try_on = Status.WAIVED, None
    period.save(update_fields=["status", "failure", "next_try_on", "first_tried_on"])
    history.write(period.membership, Event.Kind.WAIVED, period.failure, at=at)


def is_dunned(period: Period, membership: Membership) -> bool:
    """Whether this is the period for which nothing else is charged."""
    return not period.step and not period.by_id and membership.owes_a_period
