"""What enrolling in a plan would cost, in money and in words, before anybody agrees to it."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property

from djmoney.money import Money

from memberships import schedule
from memberships.enrolling import offer_words, words
from memberships.models import MembershipSettings, Plan
from memberships.schedule import First, Schedule
from salon.models import Location
from salon.money import money
from salon.toggles import balances_enabled


@dataclass(frozen=True)
class Offer:
    """A plan as it is sold at this location on this business day.

    `first_price` and `joining_fee` are without tax that is added; `due_now` is what is paid today,
    `tax` the tax in it.
    """

    plan: Plan
    location: Location
    on: dt.date
    first: First
    first_price: Money
    first_adds: Money
    joining_fee: Money
    tax: Money
    due_now: Money
    has_trial: bool
    minimum_until: dt.date | None
    agreed_to: str
    """The owner's words below the figures."""

    @cached_property
    def sentences(self) -> list[str]:
        """All of it in words, figures included, in the order in which it happens. No queries."""
        return offer_words.sentences_of(self)

    @property
    def consent(self) -> str:
        """What a member agrees to: those sentences, then the owner's words."""
        return "\n".join([*self.sentences, "", self.agreed_to])

    @cached_property
    def stamp(self) -> str:
        """What a page shows of it, in short: another one as soon as any of its words change."""
        return hashlib.sha256(self.consent.encode()).hexdigest()[:32]


def why_not_sold(plan: Plan, location: Location) -> str:
    """Why nobody can enrol in this plan there; empty when they can. Two queries at most."""
    if plan.is_archived:
        return f"{plan} is no longer offered."
    places = list(plan.locations.all())
    if places and location not in places:
        return f"{plan} is not sold at {location}."
    if plan.adds and not balances_enabled(location):
        return f"Client Account Balances are switched off at {location}, so {plan} can add nothing."
    return ""


def offer_of(*, plan: Plan, location: Location, on: dt.date) -> Offer:
    """What enrolling on this business day costs from then on. One query, two for a taxed plan."""
    has_trial = plan.trial_days > 0
    starts_on = on + dt.timedelta(days=plan.trial_days)
    first = schedule.first_period(starts_on, plan.every, plan.billing_day)
    first_price = first.part(plan.price)
    now = [] if has_trial else [words.priced(first_price, plan.tax_rate)]
    if plan.joining_fee:
        now.append(words.priced(plan.joining_fee, plan.tax_rate))
    rhythm = schedule_from(first, plan.every, plan.billing_day)
    return Offer(
        plan=plan,
        location=location,
        on=on,
        first=first,
        first_price=first_price,
        first_adds=first.part(plan.adds),
        joining_fee=plan.joining_fee,
        tax=sum((line.tax for line in now), money(0)),
        due_now=sum((line.total for line in now), money(0)),
        has_trial=has_trial,
        minimum_until=rhythm.start_of(plan.minimum_periods) if plan.minimum_periods else None,
        agreed_to=MembershipSettings.current().consent,
    )


def schedule_from(first: First, every: str, billing_day: int | None) -> Schedule:
    """When the periods after a first one begin. A short first one is number 0, before the anchor:
    it begins on a day of its own."""
    if first.days == first.of_days:
        return Schedule(every, first.starts_on, 0, billing_day)
    return Schedule(every, first.until_on, 1, billing_day)
