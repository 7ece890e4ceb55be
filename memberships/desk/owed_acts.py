"""A charge that failed, let go; and what came of asking the card again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages

from memberships.changing.quotes import Quote
from memberships.desk.acts import Act, Done
from memberships.desk.forms import WaiveForm
from memberships.desk.shown import due_of
from memberships.errors import Refused
from memberships.models import Membership, Period
from memberships.renewing.settling import let_go
from salon import permissions, said
from salon.desk import Desk

Status = Period.Status


class LetGo(Act):
    code = "let-go"
    label = "Let the charge go"
    icon = "minus"
    template = "memberships/_act_reason.html"
    form = WaiveForm
    permission = permissions.END_MEMBERSHIPS_EARLY
    is_danger = True
    leave = "Not now"

    def is_offered(self, membership: Membership) -> bool:
        return membership.owes_a_period

    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        owed = _owed(membership)
        if owed is None:
            return None
        sum_, adds = said.amount(due_of(owed)), said.amount(owed.adds)
        return Quote(
            title=f"Let {sum_} go?",
            lines=[
                f"The charge for {_days(owed, desk)} is given up: {sum_} is not asked for any "
                f"more, and {adds} is not added for it.",
                "The membership is active again and is charged next on its usual day.",
            ],
            button=f"Let {sum_} go",
        )

    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        owed = _owed(membership)
        if owed is None:
            raise Refused("Nothing is owed any more. Nothing was let go.")
        let_go(period=owed, reason=form.cleaned_data["reason"], desk=desk)
        return Done(f"{membership.client} is let off {said.amount(due_of(owed))}.")


def came_of_charging(period: Period) -> Done:
    """What to say once a card was asked for a period."""
    sum_ = said.amount(due_of(period))
    if period.status == Status.PAID:
        added = f" {said.amount(period.adds)} was added to the balance." if period.adds else ""
        return Done(f"{sum_} was charged.{added}")
    if period.status == Status.CHARGING:
        return Done(f"The card is being asked for {sum_}. Look again in a moment.", messages.INFO)
    failure = period.failure or "The card did not pay."
    return Done(
        f"{failure} {sum_} is still owed. Try another card, or take it here.", messages.ERROR
    )


def _owed(membership: Membership) -> Period | None:
    owed = membership.periods.owed().select_related("tax_rate").order_by("number", "step")
    return owed.first()


def _days(period: Period, desk: Desk) -> str:
    on = desk.business_date
    last = period.until_on - dt.timedelta(days=1)
    return f"{said.day(period.starts_on, on)} to {said.day(last, on)}"
