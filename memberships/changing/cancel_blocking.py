"""Why a membership cannot be canceled, or a cancellation not be taken back; empty where it can."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from memberships.changing import blocking
from memberships.enrolling.words import day_said
from memberships.models import Membership, MembershipSettings, Period
from salon import permissions
from salon.desk import Desk

_ASK = "Please ask the salon."


@dataclass(frozen=True)
class Wish:
    """Who would end it, and how. `desk`: whose role decides; None: nobody is asked."""

    ends_on: dt.date
    at_once: bool
    desk: Desk | None = None
    by_client: bool = False


def why_not_canceled(membership: Membership, wish: Wish) -> str:
    """Three queries at most, and those for permissions."""
    return blocking.first_of(
        blocking.ended(membership),
        "" if wish.at_once else _canceled_already(membership),
        blocking.charging(membership),
        _at_desk(membership),
        _not_by_client(membership, wish) if wish.by_client else _not_by_role(membership, wish),
    )


def why_not_kept(membership: Membership, on: dt.date, *, by_client: bool) -> str:
    """One query at most."""
    if membership.ended_on or membership.ends_on is None:
        return blocking.ended(membership) or "This membership is not canceled."
    if membership.ends_on <= on:
        return "This membership ends today. That cannot be taken back any more."
    if by_client and not MembershipSettings.current().clients_cancel:
        return f"This cannot be done online. {_ASK}"
    return ""


def early_for(membership: Membership, ends_on: dt.date) -> str:
    """The day of its minimum term, where it would end before that; else empty."""
    least = membership.minimum_until
    return day_said(least) if least and ends_on < least else ""


def _canceled_already(membership: Membership) -> str:
    if membership.ends_on is None:
        return ""
    return f"This membership is canceled already: it ends on {day_said(membership.ends_on)}."


def _at_desk(membership: Membership) -> str:
    """One query."""
    unpaid = membership.periods.exclude(status=Period.Status.PAID).select_related("order")
    # A line that was taken off its sale is none of that sale's any more.
    period = unpaid.filter(order__status="open", line__isnull=False).first()
    if period is None or period.order is None:
        return ""
    number = period.order.number
    return f"Sale #{number} of a period that is not paid is open. Close it, or void it first."


def _not_by_client(membership: Membership, wish: Wish) -> str:
    if wish.at_once or not MembershipSettings.current().clients_cancel:
        return f"This cannot be done online. {_ASK}"
    if membership.owes_a_period:
        return f"A charge is still owed. Pay it first. To cancel without that: {_ASK.lower()}"
    if least := early_for(membership, wish.ends_on):
        return f"The minimum term lasts until {least}, and this would end before it. {_ASK}"
    return ""


def _not_by_role(membership: Membership, wish: Wish) -> str:
    if wish.desk is None or _may_end_early(wish.desk):
        return ""
    ask = "Ask a manager or an owner."
    if least := early_for(membership, wish.ends_on):
        return f"The minimum term lasts until {least}, and your role may not end it before. {ask}"
    if membership.owes_a_period:
        return f"A charge is owed, and your role may not let it go. {ask}"
    return ""


def _may_end_early(desk: Desk) -> bool:
    staff = desk.staff
    return desk.by_itself or (
        staff is not None and staff.has_perm(permissions.END_MEMBERSHIPS_EARLY)
    )
