"""Canceling, now or to the end of what is paid, and keeping it after all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from memberships.changing import canceling
from memberships.changing.quotes import Quote, cancel_quote, keep_quote
from memberships.desk.acts import Act, Done
from memberships.desk.forms import ReasonForm
from memberships.models import Membership
from salon import said
from salon.desk import Desk

Of = Membership.Status
NOW, END = "now", "end"


class CancelIt(Act):
    code = "cancel"
    label = "Cancel"
    icon = "void"
    template = "memberships/_act_cancel.html"
    form = ReasonForm
    is_danger = True
    leave = "Keep the membership"

    def is_offered(self, membership: Membership) -> bool:
        return membership.is_standing

    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        return cancel_quote(
            membership, at_once=_is_now(membership, asked), on=desk.business_date, desk=desk
        )

    def shows(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
        return {
            "when": NOW if _is_now(membership, asked) else END,
            "is_canceled": membership.ends_on is not None,
        }

    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        done = canceling.cancel(
            membership=membership,
            at_once=form.data.get("when") == NOW,
            reason=form.cleaned_data["reason"],
            desk=desk,
            seen=form.cleaned_data["seen"],
        )
        if done.status == Of.ENDED or done.ends_on is None:
            return Done(f"{membership.plan} of {membership.client} has ended.")
        day = said.day(done.ends_on, desk.business_date)
        return Done(f"{membership.plan} of {membership.client} ends on {day}.")


class KeepIt(Act):
    code = "keep"
    label = "Keep it after all"
    icon = "check"

    def is_offered(self, membership: Membership) -> bool:
        return membership.is_standing and membership.ends_on is not None

    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        return keep_quote(membership, desk.business_date)

    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        canceling.keep(membership=membership, desk=desk, seen=form.cleaned_data["seen"])
        return Done(f"{membership.plan} of {membership.client} goes on.")


def _is_now(membership: Membership, asked: Mapping[str, Any]) -> bool:
    """What is canceled to a day already can only be ended before it."""
    return asked.get("when") == NOW or membership.ends_on is not None
