"""Why a membership cannot change to a plan, now or from the next charge on; empty where it can."""

from __future__ import annotations

from memberships.changing import blocking
from memberships.enrolling.members import member_already
from memberships.enrolling.offer import why_not_sold
from memberships.models import Every, Membership, Period, Plan, Terms

TERMS = ("every", "price", "adds", "tax_rate_id", "buys", "lasts_days", "stays")
"""What a member's terms and a plan's are compared by."""
_LATER = "Change it from the next charge on."


def why_not_now(membership: Membership, plan: Plan, running: Period | None) -> str:
    """`running`: the paid period of today, if there is one. Four queries at most."""
    return blocking.first_of(
        blocking.ended(membership),
        blocking.canceled(membership),
        blocking.paused(membership),
        blocking.owed(membership),
        blocking.charging(membership),
        _not_to_be_had(membership, plan),
        _not_dearer(membership, plan),
        _not_paid(membership, running),
    )


def why_not_next(membership: Membership, plan: Plan) -> str:
    """Four queries at most."""
    return blocking.first_of(
        blocking.ended(membership),
        blocking.canceled(membership),
        blocking.charging(membership),
        _not_to_be_had(membership, plan),
        _not_another(membership, plan),
    )


def _not_to_be_had(membership: Membership, plan: Plan) -> str:
    if why := why_not_sold(plan, membership.location):
        return why
    return member_already(membership.client, plan, besides=membership)


def _not_dearer(membership: Membership, plan: Plan) -> str:
    if plan.every != membership.every:
        return f"{plan} is charged every {Every(plan.every).label}. {_LATER}"
    if plan.price <= membership.price:
        return f"{plan} is not dearer, so there is nothing to charge now. {_LATER}"
    return ""


def _not_paid(membership: Membership, running: Period | None) -> str:
    if membership.next_number == 0:
        return f"It is in its trial, and nothing was charged yet. {_LATER}"
    if running is None:
        return f"Today is in no period that was paid. {_LATER}"
    return ""


def _not_another(membership: Membership, plan: Plan) -> str:
    if membership.next_plan == plan:
        return f"{plan} is chosen from the next charge on already."
    if membership.plan != plan or not _same(plan, membership):
        return ""
    if membership.next_plan:
        return f"It is {plan} still. Take back the change to {membership.next_plan} instead."
    return f"It is {plan} already."


def _same(one: Terms, other: Terms) -> bool:
    """Whether they cost and add the same: a plan may have changed since somebody enrolled."""
    return all(getattr(one, name) == getattr(other, name) for name in TERMS)
