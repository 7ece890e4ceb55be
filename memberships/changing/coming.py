"""The next charge of a membership as it would be made: which day, which plan, how much."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass

from djmoney.money import Money

from memberships.changing.adopting import adopt
from memberships.enrolling.words import priced
from memberships.models import Membership, Plan
from memberships.renewing.periods import days_of
from memberships.schedule import First


@dataclass(frozen=True)
class Coming:
    """One charge ahead. `price` is without tax that is added, `total` with it."""

    membership: Membership
    """As it will be by then: with the terms of the plan that was chosen for it. Not to be saved."""
    days: First
    price: Money
    total: Money
    adds: Money

    @property
    def on(self) -> dt.date:
        return self.days.starts_on

    @property
    def plan(self) -> Plan:
        return self.membership.plan

    @property
    def is_part(self) -> bool:
        """A shorter period, charged in proportion."""
        return self.days.days != self.days.of_days


def coming(membership: Membership) -> Coming | None:
    """The next charge; None while nothing is charged. Two queries at most: plan, tax.

    A membership that is paused, canceled or over has none.
    """
    if membership.next_charge_on is None:
        return None
    then = copy.copy(membership)
    if then.next_plan:
        adopt(then, then.next_plan)
    days = days_of(then, then.next_number, membership.next_charge_on)
    price = days.part(then.price)
    return Coming(
        membership=then,
        days=days,
        price=price,
        total=priced(price, then.tax_rate).total,
        adds=days.part(then.adds),
    )
