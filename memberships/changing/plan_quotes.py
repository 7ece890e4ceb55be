"""What another plan costs: the difference at once, or its price from the next charge on."""

from __future__ import annotations

import copy
import datetime as dt

from memberships.changing import blocking
from memberships.changing.adopting import adopt
from memberships.changing.charge_words import ahead_said, chosen_said, cost_said, each_said
from memberships.changing.coming import coming
from memberships.changing.plan_blocking import why_not_next, why_not_now
from memberships.changing.quote import Quote
from memberships.enrolling.terms import copy_terms
from memberships.enrolling.words import day_said, priced, uses_said
from memberships.models import Every, Membership, Period, Plan
from memberships.renewing.charging import card_for
from memberships.renewing.periods import days_of
from salon import said
from salon.desk import Desk
from salon.money import money


def plan_quote(membership: Membership, plan: Plan, *, at_once: bool, on: dt.date) -> Quote:
    """What this plan instead of the present one comes to, on this business day.

    The number of queries does not grow with the membership's past.
    """
    return _at_once(membership, plan, on) if at_once else _next(membership, plan)


def take_back_quote(membership: Membership) -> Quote:
    """What it means to stay, where another plan was chosen for the next charge."""
    title = f"Stay with {membership.plan}"
    if membership.next_plan is None:
        return Quote(title, why_not=blocking.ended(membership) or "No other plan is chosen.")
    stays = copy.copy(membership)
    stays.next_plan = None
    charge = coming(stays)
    return Quote(
        title,
        lines=[
            f"The change to {chosen_said(membership)} is taken back.",
            *(ahead_said(charge) if charge else []),
        ],
        button=title,
        why_not=blocking.first_of(blocking.ended(membership), blocking.charging(membership)),
    )


def running_period(membership: Membership, on: dt.date) -> Period | None:
    """The period that this day is in, where it was paid. One query."""
    running = membership.periods.filter(number=membership.next_number - 1, step=0)
    return running.filter(status=Period.Status.PAID, starts_on__lte=on, until_on__gt=on).first()


def difference(membership: Membership, plan: Plan, running: Period, on: dt.date) -> Period:
    """What becoming dearer in the middle of a period costs and adds, as a row that is not saved.

    All of the difference, or the part of it that was charged of the running period itself.
    """
    days = days_of(membership, running.number, running.starts_on)
    period = Period(
        membership=membership,
        plan=plan,
        number=running.number,
        starts_on=on,
        until_on=running.until_on,
    )
    copy_terms(plan, period)
    period.full_price, period.full_adds = plan.price, plan.adds
    period.price = days.part(max(plan.price - membership.price, money(0)))
    period.adds = days.part(max(plan.adds - membership.adds, money(0)))
    return period


def _at_once(membership: Membership, plan: Plan, on: dt.date) -> Quote:
    title = f"Change to {plan} now"
    running = running_period(membership, on)
    why_not = why_not_now(membership, plan, running)
    if why_not or running is None:
        return Quote(title, why_not=why_not)
    period = difference(membership, plan, running, on)
    due = priced(period.price, period.tax_rate).total
    card, no_card = card_for(membership, Desk(staff=None, location=membership.location))
    charged = cost_said(period.price, period.adds, period.tax_rate)
    return Quote(
        title,
        due_now=due,
        adds_now=period.adds,
        lines=[
            f"Today the difference until {day_said(period.until_on)}: {charged}.",
            *_afterwards(membership, plan),
            f"It is charged to {card}. If that does not pay, nothing changes.",
        ],
        button=f"Charge {said.amount(due)}",
        why_not=no_card,
    )


def _next(membership: Membership, plan: Plan) -> Quote:
    lines = ["Nothing is charged today.", *_afterwards(membership, plan)]
    if membership.every != plan.every:
        every, was = Every(plan.every).label, Every(membership.every).label
        lines.append(f"It is charged every {every} from then on, no more every {was}.")
    if membership.owes_a_period:
        lines.append("What is owed already stays owed.")
    return Quote(
        f"Change to {plan} from the next charge on",
        lines=lines,
        button=f"Change to {plan}",
        why_not=why_not_next(membership, plan),
    )


def _afterwards(membership: Membership, plan: Plan) -> list[str]:
    """What is charged from the next charge on, by this plan."""
    then = copy.copy(membership)
    adopt(then, plan)
    charge = coming(then)
    if charge:
        told = ahead_said(charge)
    else:
        told = [f"From the next charge on, every {Every(plan.every).label}: {each_said(plan)}."]
    dropped = membership.next_plan
    if dropped and dropped != plan:
        said_so = chosen_said(membership)
        told.append(f"The change to {said_so} that was chosen before is dropped.")
    return [*told, *uses_said(plan)]
