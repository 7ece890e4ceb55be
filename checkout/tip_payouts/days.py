"""Days of tips: what each person earned, what was refunded of it, what was paid. Minor units."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from djmoney.money import Money

from checkout.providers.paid_by import Days
from checkout.tip_payouts.owed import Standing, balances, of_people, person_of, standings
from ledger.kinds import EntryKind
from ledger.models import Posting
from salon.models import Location, StaffMember
from salon.money import money


@dataclass(frozen=True)
class Tipped:
    """One person. What reduces what they are owed is below zero."""

    person: StaffMember
    opening: int
    earned: int
    refunded: int
    paid: int
    """Less what was undone on these days."""
    corrected: int

    @property
    def owed(self) -> int:
        """What the ledger says at the end; below zero they owe the salon."""
        return self.opening + self.earned + self.refunded + self.paid + self.corrected

    @property
    def earned_net(self) -> Money:
        """What was earned, less what was refunded of it."""
        return money(self.earned + self.refunded + self.corrected)

    @property
    def paid_out(self) -> Money:
        """What was paid; below zero where more was undone."""
        return money(-self.paid)

    @property
    def is_empty(self) -> bool:
        return not (self.opening or self.earned or self.refunded or self.paid or self.corrected)


def tipped(days: Days) -> list[Tipped]:
    """Everybody who ever had a tip from the house, by name. Nine queries."""
    opening, moved = balances(days.start - dt.timedelta(days=1), days.place), _moved(days)
    return [_tipped(each, opening, moved) for each in standings()]


def _tipped(
    each: Standing, opening: Mapping[int, int], moved: Mapping[int, Mapping[str, int]]
) -> Tipped:
    by_kind = moved.get(each.person.pk, {})
    earned, refunded, paid = (
        by_kind.get(kind, 0) for kind in (EntryKind.SALE, EntryKind.REFUND, EntryKind.TIPS)
    )
    corrected = sum(by_kind.values()) - earned - refunded - paid
    return Tipped(each.person, opening.get(each.person.pk, 0), earned, refunded, paid, corrected)


def _postings(place: Location | None) -> QuerySet[Posting]:
    rows = of_people().order_by()
    return rows.filter(entry__location=place) if place else rows


def _moved(days: Days) -> dict[int, dict[str, int]]:
    """By person and kind of entry."""
    rows = _postings(days.place).filter(business_date__range=(days.start, days.end))
    moved: dict[int, dict[str, int]] = defaultdict(dict)
    for name, kind, amount in rows.values_list("account__name", "entry__kind").annotate(
        Sum("amount")
    ):
        moved[person_of(name)][kind] = -amount
    return moved
