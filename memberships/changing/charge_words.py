"""Charges ahead in words: how much, when, what each adds. Shared by quotes, pages and e-mails."""

from __future__ import annotations

from djmoney.money import Money

from memberships.changing.coming import Coming
from memberships.enrolling.words import day_said, priced, shares_said, when_said
from memberships.models import Membership, Terms
from salon import said
from salon.models import TaxRate
from salon.money import minor


def cost_said(price: Money, adds: Money, rate: TaxRate | None) -> str:
    """$108.88 with tax, which adds $120.00, $20.00 of it as a bonus. One query for a tax."""
    line = priced(price, rate)
    tax = " with tax" if rate else ""
    added = f", which adds {shares_said(minor(line.amount), minor(adds))}" if adds else ""
    return f"{said.amount(line.total)}{tax}{added}"


def each_said(terms: Terms) -> str:
    """The same of one whole period."""
    return cost_said(terms.price, terms.adds, terms.tax_rate)


def chosen_said(membership: Membership) -> str:
    """What was chosen from the next charge on: another plan, or its own with other terms."""
    if membership.next_plan_id == membership.plan_id:
        return f"the present terms of {membership.plan}"
    return str(membership.next_plan)


def ahead_said(charge: Coming) -> list[str]:
    """The next charge and those after it: one sentence, two where the next is a part."""
    then = charge.membership
    told, begins = [], charge.on
    if charge.is_part:
        begins = charge.days.until_on
        part = cost_said(charge.price, charge.adds, then.tax_rate)
        told = [f"On {day_said(charge.on)}, until {day_said(begins)}: {part}."]
    rhythm = when_said(then.every, begins, then.billing_day or _day_of(charge))
    return [*told, f"From {day_said(begins)} on, {rhythm}: {each_said(then)}."]


def _day_of(charge: Coming) -> int | None:
    """The day of the month that it is charged on, also where a shorter month moved this charge."""
    return None if charge.is_part else charge.membership.anchor_on.day
