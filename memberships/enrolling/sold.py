"""What a line sold: its terms, how its money was parted, and what of it can still go back.

Minor units, without tax, unless said otherwise. What was read of a line is kept with it: a line is
loaded anew for every page and every act.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Sum
from djmoney.money import Money

from checkout.errors import Refused
from checkout.models import LineItem, RefundPart
from ledger.descent import families_of
from ledger.kinds import Restriction
from ledger.models import Lot
from memberships.enrolling.terms import Shares, shares_of
from memberships.models import Enrolment, Period
from memberships.renewing import settling
from salon.money import currency, minor, split


@dataclass(frozen=True)
class Sold:
    """A line with what it sells: a billing period, or an enrolment that has none (yet)."""

    line: LineItem
    of: Enrolment | Period

    @property
    def adds(self) -> int:
        """What it adds in all: nothing in a trial."""
        if isinstance(self.of, Period):
            return minor(self.of.adds)
        return 0 if self.of.has_trial else minor(self.of.first_adds)

    @property
    def shares(self) -> Shares:
        return shares_of(minor(self.line.amount), self.adds)

    @property
    def is_restricted(self) -> bool:
        return self.of.buys != Restriction.ANY

    @property
    def expires_on(self) -> dt.date | None:
        """The last day on which it can be spent; counted from the day of the sale."""
        if self.of.lasts_days is None:
            return None
        return self.line.order.business_date + dt.timedelta(days=self.of.lasts_days)

    @cached_property
    def bonus_lots(self) -> Sequence[Lot]:
        """The bonus lot and all that it became, the oldest first. One query, none without."""
        lot = self.of.bonus_lot_id if isinstance(self.of, Period) else None
        return families_of([lot])[lot] if lot else []

    @cached_property
    def went_back(self) -> tuple[int, int]:
        """What of the line was refunded, with tax, and the tax in that. One query."""
        parts = RefundPart.objects.filter(allocation__line=self.line)
        found = parts.aggregate(gross=Sum("amount"), tax=Sum("tax"))
        gross, tax = (Money(found[name] or 0, currency()) for name in ("gross", "tax"))
        return minor(gross), minor(tax)

    @property
    def earned_left(self) -> int:
        """What of the earned part has not gone back. It goes back before the lot does."""
        gross, tax = self.went_back
        return max(0, self.shares.earned - (gross - tax))

    def with_tax(self, net: int) -> int:
        """The most of the line, with tax, of which no more than `net` is net."""
        gross, tax = self.went_back
        left = minor(self.line.total) - gross
        if net >= minor(self.line.amount) - (gross - tax):
            return left
        most = min(left, net * minor(self.line.total) // minor(self.line.amount) + 2)
        while self._net_in(most) > net:
            most -= 1
        return most

    def _net_in(self, amount: int) -> int:
        """What of so much more going back is net; taxes keep step as refunds have them."""
        gross, tax = self.went_back
        after = gross + amount
        tax_after, _ = split(minor(self.line.tax), [after, minor(self.line.total) - after])
        return amount - (tax_after - tax)


def sold(line: LineItem) -> Sold:
    """What this line sells. Two queries at most, once. Refused where it is nothing."""
    known = vars(line).get("sold_membership")
    return known if isinstance(known, Sold) else know(line, _find(line))


def know(line: LineItem, what: Enrolment | Period) -> Sold:
    """Remember what a line sells: the row as somebody just locked it."""
    vars(line)["sold_membership"] = found = Sold(line, what)
    return found


def _find(line: LineItem) -> Enrolment | Period:
    """The first period stands for its enrolment, once that has started."""
    if period := settling.period_of(line):
        return period
    enrolment = Enrolment.objects.select_related("plan", "client").filter(uuid=line.uuid).first()
    if enrolment is None:
        raise Refused(f"{line.description} sells no membership. Take it off the sale.")
    return enrolment
