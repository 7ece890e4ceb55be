"""Pausing, and resuming before its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from memberships.changing import pausing
from memberships.changing.quotes import Quote, pause_quote, resume_quote
from memberships.desk.acts import Act, Done
from memberships.desk.forms import PauseForm
from memberships.models import Membership
from salon import said
from salon.desk import Desk

Of = Membership.Status


class PauseIt(Act):
    code = "pause"
    label = "Pause"
    icon = "clock"
    template = "memberships/_act_pause.html"
    form = PauseForm

    def is_offered(self, membership: Membership) -> bool:
        return membership.status == Of.ACTIVE and not membership.ends_on

    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        return pause_quote(membership, _day(asked.get("until", "")), desk.business_date)

    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        made = pausing.pause(
            membership=membership,
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            desk=desk,
            seen=form.cleaned_data["seen"],
        )
        until = f" until {said.day(made.until_on, desk.business_date)}" if made.until_on else ""
        return Done(f"{membership.plan} is paused{until}. Nothing is charged meanwhile.")


class ResumeIt(Act):
    code = "resume"
    label = "Resume"
    icon = "undo"

    def is_offered(self, membership: Membership) -> bool:
        return membership.status == Of.PAUSED

    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        return resume_quote(membership, desk.business_date)

    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        pausing.resume(membership=membership, desk=desk, seen=form.cleaned_data["seen"])
        return Done(f"{membership.plan} goes on.")


def _day(text: str) -> dt.date | None:
    """What was typed, where it is a day; the form tells what is wrong with it otherwise."""
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None
