"""What is sold online, and where: the plans that somebody may enrol in by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from memberships.enrolling.offer import why_not_sold
from memberships.enrolling.words import adds_said, every_said
from memberships.models import MembershipSettings, Plan
from salon.models import Location


@dataclass(frozen=True)
class Sold:
    """A plan, and the places where one can enrol in it now; there is one at least."""

    plan: Plan
    places: list[Location]

    @property
    def costs(self) -> str:
        """$100.00 a month"""
        return every_said(self.plan)

    @property
    def adds(self) -> str:
        """$120.00, $20.00 of it as a bonus. One query where the price is taxed."""
        return adds_said(self.plan)

    def at(self, slug: str) -> Location | None:
        """The place that an address names, or the only one there is."""
        if len(self.places) == 1:
            return self.places[0]
        return next((place for place in self.places if place.slug == slug), None)


def plans_online() -> list[Sold]:
    """All that is sold online, in the owner's order. Four queries, and one for each place."""
    settings = MembershipSettings.current()
    if not settings.online_enrolment:
        return []
    plans = Plan.objects.active().filter(sold_online=True)
    places = list(Location.objects.active())
    rows = [
        Sold(plan, [place for place in places if sold_online(plan, place, settings)])
        for plan in plans.select_related("tax_rate").prefetch_related("locations")
    ]
    return [row for row in rows if row.places]


def find_sold(slug: str) -> Sold | None:
    """The plan of an address, where it is sold online. The queries of `plans_online`."""
    return next((row for row in plans_online() if row.plan.slug == slug), None)


def sold_online(plan: Plan, location: Location, settings: MembershipSettings) -> bool:
    """Whether somebody may enrol in this plan there by themselves. Three queries at most."""
    return (
        settings.online_enrolment
        and plan.sold_online
        and not location.is_archived
        and not why_not_sold(plan, location)
    )
