"""The memberships that the demo salon sells."""

from typing import Any

from ledger.kinds import Restriction
from memberships.models import Every, MembershipSettings, Plan
from salon.models import Service
from salon.money import money

GOLD, BLOWOUTS, SILVER, PLATINUM, COLOR = (
    "Gold",
    "Blowout Club",
    "Silver weekly",
    "Platinum year",
    "Color Circle",
)

PLANS: list[dict[str, Any]] = [
    {
        "name": GOLD,
        "description": "$120.00 to spend each month, for $100.00.",
        "price": money(10_000),
        "adds": money(12_000),
        "sold_online": True,
    },
    {
        "name": BLOWOUTS,
        "description": "A blowout a month, for less. Use it or lose it.",
        "price": money(4500),
        "adds": money(5500),
        "buys": Restriction.SERVICES,
        "billing_day": 1,
        "stays": False,
        "sold_online": True,
    },
    {
        "name": SILVER,
        "description": "Something put by each week.",
        "every": Every.WEEK,
        "price": money(1500),
        "adds": money(1600),
    },
    {
        "name": PLATINUM,
        "description": "A year of hair, paid once.",
        "every": Every.YEAR,
        "price": money(90_000),
        "adds": money(110_000),
    },
    {
        "name": COLOR,
        "description": "Two weeks on trial, then $90.00 a month, for three months at least.",
        "price": money(8000),
        "adds": money(9000),
        "lasts_days": 180,
        "joining_fee": money(2500),
        "trial_days": 14,
        "minimum_periods": 3,
        "sold_online": True,
    },
]
TIED = {BLOWOUTS: ["Blowout"], COLOR: ["Root touch-up", "Single-process color", "Gloss"]}
"""Services that belong to a plan."""


def make_plans() -> None:
    """Five plans, three of them sold online, which is switched on."""
    for position, fields in enumerate(PLANS):
        slug = fields["name"].lower().replace(" ", "-")
        plan = Plan.objects.create(slug=slug, position=position, **fields)
        plan.services.set(Service.objects.filter(name__in=TIED.get(plan.name, [])))
    MembershipSettings.objects.filter(pk=1).update(online_enrolment=True)
