"""What a payment of tips covered: to print, and to sign."""

import datetime as dt
import uuid as uuids
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet, Sum
from djmoney.money import Money

from checkout.models import TipPayout
from checkout.providers.earned import MOST, Row
from checkout.tip_payouts.earned import by_entry, told_rows
from checkout.tip_payouts.owed import postings_of
from ledger.models import Posting
from salon.models import StaffMember
from salon.money import minor, money

PAGE = 20


@dataclass(frozen=True)
class Slip:
    """One payment: what was carried over, what came since the payment before, what was paid.

    A sale that closed in the very moment of the payment can stand here and be paid with the next:
    `carried` is less by as much, so that the sums are those that were paid.
    """

    payout: TipPayout

    @cached_property
    def rows(self) -> list[Row]:
        """Sales and refunds since the payment before, the oldest first, MOST at most.

        Payments that were undone are among them with their undoing. Five queries.
        """
        found = list(by_entry(self._since, "entry_id")[:MOST])
        return told_rows(self.payout.staff, found, [0] * len(found)) if found else []

    @cached_property
    def together(self) -> Money:
        """What all of these make, also those that `rows` leaves out. One query."""
        return money(-(self._since.aggregate(total=Sum("amount"))["total"] or 0))

    @property
    def first_day(self) -> dt.date | None:
        """The first day that is on it; None where all is from before."""
        return self.rows[0].entry.business_date if self.rows else None

    @property
    def last_day(self) -> dt.date | None:
        return self.rows[-1].entry.business_date if self.rows else None

    @property
    def carried(self) -> Money:
        """What they were owed before the first row; below zero what they owed."""
        return self.payout.owed - self.together

    @property
    def rest(self) -> Money:
        """What the rows that are left out make."""
        return self.together - money(sum(minor(row.amount) for row in self.rows))

    @property
    def _since(self) -> QuerySet[Posting]:
        payout = self.payout
        return postings_of(payout.staff).filter(
            entry_id__gt=payout.after, entry_id__lt=payout.entry_id
        )


def slips_of(act: uuids.UUID) -> list[Slip]:
    """Everybody who was paid in one act, by name. One query."""
    return [Slip(payout) for payout in _loaded().filter(act=act).order_by("staff__name", "pk")]


@dataclass(frozen=True)
class Page:
    """Newest first. `older`: the id before which the next page goes on, None at the end."""

    payouts: list[TipPayout]
    older: int | None


def payouts_of(person: StaffMember, before: int | None = None) -> Page:
    """A page of what somebody was paid. One query."""
    rows = _loaded().filter(staff=person)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def _loaded() -> QuerySet[TipPayout]:
    return TipPayout.objects.select_related("staff", "by", "till", "location", "undone_by")
