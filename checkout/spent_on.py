"""What became of credit that somebody bought: which sales it was spent on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum
from djmoney.money import Money

from checkout.models import LineItem, Order, load_lots
from ledger import merging
from ledger.models import Posting
from salon.money import money

_OTHERWISE = {
    "lot": "expired",
    merging.CAUSE: "paid what was owed when clients were merged",
}
"""What became of it, by the cause of the entry, where no sale was. Upper floors add theirs."""


def say_otherwise(cause: str, what: str) -> None:
    """How entries of this cause are said where credit went by them: "was lost when …"."""
    _OTHERWISE[cause] = what


@dataclass(frozen=True)
class Use:
    """So much of bought credit, gone: on a sale, or `order` is None and `what` says how."""

    amount: Money
    order: Order | None
    what: str = ""

    @property
    def day(self) -> dt.date | None:
        """The business day of the sale."""
        return self.order.business_date if self.order else None


def uses_of(lines: Iterable[LineItem]) -> dict[int, list[Use]]:
    """By the lot that a line opened: where the credit has gone, its own refunds left out.

    What was refunded, released, moved or merged meanwhile is still that credit. Three queries, one
    less where the lines have their lots, none when they sold no credit.
    """
    own = {line.opened_lot_id: line for line in lines if line.opened_lot_id is not None}
    if not own:
        return {}
    load_lots(own.values())
    root_of = {lot.pk: root for root, line in own.items() for lot in line.lots}
    spent = (
        Posting.objects.filter(lot__in=root_of)
        .values("lot_id", "entry__cause_kind", "entry__cause_id")
        .annotate(amount=Sum("amount"))
        .order_by("entry__cause_id")
        .values_list("lot_id", "entry__cause_kind", "entry__cause_id", "amount")
    )
    # What moved from a lot to its child cancels out: only what left the family is gone.
    gone: dict[tuple[int, str, str], int] = defaultdict(int)
    for lot_id, cause, cause_id, cents in spent:
        if cause_id != str(own[root_of[lot_id]].order.uuid):
            gone[(root_of[lot_id], cause, cause_id)] += cents
    sales = {cause_id for _, cause, cause_id in gone if cause == "order"}
    orders = {str(order.uuid): order for order in Order.objects.filter(uuid__in=sales)}
    found: dict[int, list[Use]] = defaultdict(list)
    for (root, cause, cause_id), cents in gone.items():
        if cents > 0:
            what = _OTHERWISE.get(cause, "was taken away by hand")
            found[root].append(Use(money(cents), orders.get(cause_id), what))
    return {
        root: sorted(uses, key=lambda use: (use.order is None, use.order.pk if use.order else 0))
        for root, uses in found.items()
    }
