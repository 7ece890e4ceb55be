"""Another plan, now or from the next charge on, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q

from memberships.changing import plans
from memberships.changing.quotes import Quote, plan_quote, take_back_quote
from memberships.desk.acts import Act, Done
from memberships.enrolling import words
from memberships.models import Membership, Period, Plan
from salon import said
from salon.addresses import whole_number
from salon.desk import Desk

NOW, NEXT = "now", "next"
Of = Membership.Status
_SAID = {
    Period.Status.PAID: (
        "{plan} from now on: {sum} was charged, and {adds} added.",
        messages.SUCCESS,
    ),
    Period.Status.CHARGING: (
        "The card is being asked for {sum}. This page will say how it went.",
        messages.INFO,
    ),
}


class ChangePlan(Act):
    code = "plan"
    label = "Change plan"
    icon = "swap"
    template = "memberships/_act_plan.html"

    def is_offered(self, membership: Membership) -> bool:
        return membership.status in (Of.ACTIVE, Of.PAUSED) and not membership.ends_on

    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        plan = _chosen(membership, asked)
        if plan is None:
            return None
        return plan_quote(membership, plan, at_once=asked.get("when") == NOW, on=desk.business_date)

    def shows(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
        """The plans to choose from, or the one that was chosen. Two queries."""
        chosen = _chosen(membership, asked)
        others = [] if chosen else list(choices(membership))
        return {
            "chosen": chosen,
            "when": NOW if asked.get("when") == NOW else NEXT,
            "plans": [(plan, words.every_said(plan), words.adds_said(plan)) for plan in others],
            "now_said": f"{words.every_said(membership)}, adds {words.adds_said(membership)}",
        }

    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        plan = _chosen(membership, form.data)
        assert plan is not None  # nosec B101 - there is a quote for it
        seen = form.cleaned_data["seen"]
        if form.data.get("when") != NOW:
            plans.change_next(membership=membership, plan=plan, desk=desk, seen=seen)
            return Done(f"{plan} from the next charge on.")
        period = plans.change_now(
            membership=membership,
            plan=plan,
            desk=desk,
            uuid=form.cleaned_data["uuid"],
            expected=quote.due_now,
            seen=seen,
        )
        return _came_of(period, quote)


class TakeBackChange(Act):
    code = "plan-back"
    label = "Take back the change"
    icon = "undo"

    def is_offered(self, membership: Membership) -> bool:
        return membership.is_standing and membership.next_plan_id is not None

    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        return take_back_quote(membership)

    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        plans.take_back_change(membership=membership, desk=desk, seen=form.cleaned_data["seen"])
        return Done(f"{membership.plan} stays.")


def choices(membership: Membership) -> list[Plan]:
    """The plans that it may change to, where it was sold. One query, two with taxes."""
    here = Q(locations=None) | Q(locations=membership.location)
    rows = Plan.objects.active().filter(here).exclude(pk=membership.plan_id)
    if membership.next_plan_id:
        rows = rows.exclude(pk=membership.next_plan_id)
    return list(rows.select_related("tax_rate").prefetch_related("tax_rate__parts").distinct())


def _chosen(membership: Membership, asked: Mapping[str, Any]) -> Plan | None:
    pk = whole_number(asked.get("plan"))
    return next((plan for plan in choices(membership) if plan.pk == pk), None) if pk else None


def _came_of(period: Period, quote: Quote) -> Done:
    text, level = _SAID.get(
        Period.Status(period.status),
        ("{failure} Nothing was charged, and the plan is still the same.", messages.ERROR),
    )
    return Done(
        text.format(
            plan=period.plan,
            sum=said.amount(quote.due_now),
            adds=said.amount(quote.adds_now),
            failure=period.failure or "The card was declined.",
        ),
        level,
    )
