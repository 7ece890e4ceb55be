"""What became of credit that somebody bought: which sales it was spent on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum
from djmoney.money import Money

from checkout.models import LineItem, Order
from ledger.models import Posting
from salon.money import money


@dataclass(frozen=True)
class Use:
    """So much of a lot, gone: on a sale, or `order` is None and `what` says how."""

    amount: Money
    order: Order | None
    what: str = ""


def uses_of(lines: Iterable[LineItem]) -> dict[int, list[Use]]:
    """By lot: where the credit that these lines sold has gone, their own refunds left out.

    Two queries, none when the lines sold no credit.
    """
    own: dict[int, LineItem] = {
        line.opened_lot_id: line for line in lines if line.opened_lot_id is not None
    }
    if not own:
        return {}
    spent = (
        Posting.objects.filter(lot__in=own)
        .values("lot_id", "entry__cause_kind", "entry__cause_id")
        .annotate(amount=Sum("amount"))
        .filter(amount__gt=0)
        .order_by("lot_id", "entry__cause_id")
        .values_list("lot_id", "entry__cause_kind", "entry__cause_id", "amount")
    )
    gone = [row for row in spent if row[2] != str(own[row[0]].order.uuid)]
    sales = {cause_id for _, cause, cause_id, _ in gone if cause == "order"}
    orders = {str(order.uuid): order for order in Order.objects.filter(uuid__in=sales)}
    found: dict[int, list[Use]] = defaultdict(list)
    for lot_id, cause, cause_id, cents in gone:
        what = "expired" if cause == "lot" else "was taken away by hand"
        found[lot_id].append(Use(money(cents), orders.get(cause_id), what))
    return found
