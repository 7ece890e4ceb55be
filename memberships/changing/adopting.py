"""A membership takes over the terms of a plan: in memory, for quotes and for the acts alike."""

from __future__ import annotations

from memberships.enrolling.terms import copy_terms
from memberships.models import Every, Membership, Plan, Terms

FIELDS = [
    "plan",
    "next_plan",
    "every",
    "price",
    "price_currency",
    "adds",
    "adds_currency",
    "tax_rate",
    "buys",
    "lasts_days",
    "stays",
    "billing_day",
    "anchor_on",
    "anchor_number",
]
"""What `adopt` may set."""


def adopt(membership: Membership, plan: Plan, agreed: Terms | None = None) -> None:
    """Its terms are the plan's of today, or those that were `agreed` to before an owner edited it,
    from the next charge on. Saving is the caller's (`FIELDS`).

    The days of its charges stay, unless the plan is charged in another rhythm: then the new one
    begins with the next charge. A day of the month stays where there still is one.
    """
    every = membership.every
    copy_terms(agreed or plan, membership)
    membership.plan, membership.next_plan = plan, None
    if membership.every == every:
        return
    if Every.WEEK in (every, membership.every):
        membership.billing_day = None
    if membership.next_charge_on:
        membership.anchor_on = membership.next_charge_on
        membership.anchor_number = membership.next_number
