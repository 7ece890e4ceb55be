"""Where what somebody is owed in tips comes from: their account in the ledger, entry by entry."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from checkout.models import LineItem, Order, RefundPart, TipPayout
from checkout.providers.earned import PAGE, Row, Statement, whose
from checkout.tip_payouts.owed import postings_of
from checkout.tips import TIP
from ledger.models import Entry, Posting
from salon.models import StaffMember
from salon.money import money

Sums = Sequence[tuple[int, int]]
"""(entry, minor units as posted: what is owed to them is below zero), in one order."""


def statement(person: StaffMember, before: int | None = None) -> Statement:
    """A page of their tips, the newest first. Six queries at most, however many rows."""
    postings = postings_of(person)
    if before:
        postings = postings.filter(entry_id__lt=before)
    found = list(by_entry(postings, "-entry_id")[: PAGE + 1])
    shown = found[:PAGE]
    if not shown:
        return Statement([], None)
    until = postings_of(person).filter(entry_id__lte=shown[0][0])
    balance = -(until.aggregate(total=Sum("amount"))["total"] or 0)
    balances = []
    for _, cents in shown:
        balances.append(balance)
        balance += cents
    rows = told_rows(person, shown, balances)
    return Statement(rows, shown[-1][0] if len(found) > PAGE else None)


def by_entry(postings: QuerySet[Posting], *order: str) -> QuerySet:
    """As Sums: one for each entry."""
    sums = postings.order_by().values("entry_id").annotate(cents=Sum("amount"))
    return sums.order_by(*order).values_list("entry_id", "cents")


def told_rows(person: StaffMember, shown: Sums, balances: Sequence[int]) -> list[Row]:
    """As people read them; `balances` after each, in minor units. Four queries."""
    ids = [entry for entry, _ in shown]
    entries = Entry.objects.select_related("staff", "location").in_bulk(ids)
    told = _Told(person, ids)
    return [
        told.row(entries[entry], -cents, balance)
        for (entry, cents), balance in zip(shown, balances, strict=True)
    ]


class _Told:
    """What these entries were of. Three queries."""

    def __init__(self, person: StaffMember, ids: Iterable[int]) -> None:
        ids = list(ids)
        lines = LineItem.objects.filter(kind=TIP, staff=person, order__entry__in=ids)
        self.orders: dict[int, Order] = {
            line.order.entry_id or 0: line.order for line in lines.select_related("order__client")
        }
        self.refunds: dict[int, RefundPart] = {}
        parts = RefundPart.objects.filter(
            refund__entry__in=ids, allocation__line__kind=TIP, allocation__line__staff=person
        )
        for part in parts.select_related("refund__order__client"):
            self.refunds[part.refund.entry_id] = part
        self.payouts: dict[int, TipPayout] = {}
        paid = TipPayout.objects.filter(Q(entry__in=ids) | Q(undo_entry__in=ids))
        for payout in paid:
            self.payouts[payout.entry_id] = payout
            if payout.undo_entry_id:
                self.payouts[payout.undo_entry_id] = payout

    def row(self, entry: Entry, cents: int, balance: int) -> Row:
        what, lines, url = entry.get_kind_display(), entry.note, ""
        if payout := self.payouts.get(entry.pk):
            is_undoing = entry.pk == payout.undo_entry_id
            what = "Payment undone" if is_undoing else f"Paid {payout.get_how_display().lower()}"
            lines = payout.reference
            url = reverse("checkout:tip_slips", args=[payout.act])
        elif part := self.refunds.get(entry.pk):
            what = f"Refund {part.refund.number}{whose(part.refund.order)}"
            lines = part.refund.reason
            url = reverse("checkout:order", args=[part.refund.order.uuid])
        elif order := self.orders.get(entry.pk):
            what, lines = f"Sale #{order.number}{whose(order)}", ""
            url = reverse("checkout:order", args=[order.uuid])
        return Row(entry, money(cents), money(balance), what, lines, "", url)
