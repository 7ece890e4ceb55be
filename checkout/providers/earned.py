"""Where what a provider is owed comes from: their account in the ledger, entry by entry.

What an entry did is told by its rows: a sale's lines that are theirs and what paid them, a refund's
parts, a payment.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.urls import reverse
from djmoney.money import Money

from cards.models import Transfer
from checkout import words
from checkout.charges.shares import net_of
from checkout.models import Allocation, LineItem, Order, RefundPart
from checkout.providers.payments import how_said
from ledger import accounts
from ledger.models import Entry, Posting
from salon import said
from salon.models import MerchantAccount
from salon.money import currency, money

PAGE = 25
MOST = 500
"""Rows of a printed month."""


@dataclass(frozen=True)
class Row:
    """One entry on their account. `amount` above zero is owed to them; `balance` is after it."""

    entry: Entry
    amount: Money
    balance: Money
    what: str
    lines: str
    paid_by: str
    url: str


@dataclass(frozen=True)
class Statement:
    """Newest first. `older`: the entry before which the next page goes on, None at the end."""

    rows: list[Row]
    older: int | None


@dataclass(frozen=True)
class Month:
    """A month by business dates, the oldest first, for printing."""

    start: dt.date
    end: dt.date
    opening: Money
    rows: list[Row]
    is_cut: bool
    """There were more than MOST."""

    @property
    def closing(self) -> Money:
        return self.rows[-1].balance if self.rows else self.opening


def statement(account: MerchantAccount, before: int | None = None) -> Statement:
    """A page of their account. Seven queries at most, however many rows."""
    postings = _postings(account)
    if before:
        postings = postings.filter(entry_id__lt=before)
    found = _by_entry(postings, "-entry_id")[: PAGE + 1]
    shown = list(found)[:PAGE]
    if not shown:
        return Statement([], None)
    newest = shown[0][0]
    balance = -(_postings(account).filter(entry_id__lte=newest).aggregate(s=Sum("amount"))["s"])
    balances = []
    for _, cents in shown:
        balances.append(balance)
        balance += cents
    rows = _rows(account, shown, balances)
    return Statement(rows, shown[-1][0] if len(found) > PAGE else None)


def month(account: MerchantAccount, start: dt.date) -> Month:
    """All of a month, as `statement`; `start` is its first day."""
    end = (start + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    postings = _postings(account)
    earlier = postings.filter(business_date__lt=start).aggregate(s=Sum("amount"))["s"] or 0
    of_month = postings.filter(business_date__gte=start, business_date__lte=end)
    found = list(_by_entry(of_month, "business_date", "entry_id")[: MOST + 1])
    shown, balance, balances = found[:MOST], -earlier, []
    for _, cents in shown:
        balance -= cents
        balances.append(balance)
    rows = _rows(account, shown, balances) if shown else []
    return Month(start, end, money(-earlier), rows, len(found) > MOST)


def _postings(account: MerchantAccount) -> QuerySet[Posting]:
    # The condition on version is that of the index of house accounts.
    return Posting.objects.filter(
        account__name=accounts.provider(account),
        account__currency=currency(),
        version__isnull=True,
    )


def _by_entry(postings: QuerySet[Posting], *order: str) -> QuerySet:
    """(entry, minor units), one for each entry."""
    sums = postings.order_by().values("entry_id", "business_date").annotate(cents=Sum("amount"))
    return sums.order_by(*order).values_list("entry_id", "cents")


class _Told:
    """The rows behind these entries. Five queries."""

    def __init__(self, account: MerchantAccount, entries: Iterable[int]) -> None:
        ids = list(entries)
        lines = LineItem.objects.filter(provider=account, order__entry__in=ids)
        self.orders: dict[int, Order] = {}
        self.lines: dict[int, list[LineItem]] = defaultdict(list)
        for line in lines.select_related("order__client"):
            self.orders[line.order.entry_id or 0] = line.order
            self.lines[line.order.entry_id or 0].append(line)
        self.paid = _paid(lines)
        self.parts: dict[int, list[RefundPart]] = defaultdict(list)
        parts = RefundPart.objects.filter(
            refund__entry__in=ids, allocation__line__provider=account
        ).select_related("refund__order__client", "allocation__line", "tender__custom")
        for part in parts:
            self.parts[part.refund.entry_id].append(part)
        transfers = Transfer.objects.filter(entry__in=ids)
        self.transfers = {transfer.entry_id: transfer for transfer in transfers}


def _paid(lines: QuerySet[LineItem]) -> dict[int, dict[str, int]]:
    """By entry of a sale: what of these lines, without tax, was paid by what. One query."""
    by_line: dict[int, list[Allocation]] = defaultdict(list)
    allocations = Allocation.objects.filter(line__in=lines)
    for allocation in allocations.select_related("line__order", "tender__custom"):
        by_line[allocation.line_id].append(allocation)
    paid: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for of_line in by_line.values():
        for allocation, net in zip(of_line, net_of(of_line), strict=True):
            sums = paid[allocation.line.order.entry_id or 0]
            sums[words.payment(allocation.tender)] += net
    return paid


def _rows(account: MerchantAccount, shown: list[tuple[int, int]], balances: list[int]) -> list[Row]:
    ids = [entry for entry, _ in shown]
    entries = Entry.objects.select_related("staff", "location").in_bulk(ids)
    told = _Told(account, ids)
    return [
        _row(entries[entry], -cents, balance, told)
        for (entry, cents), balance in zip(shown, balances, strict=True)
    ]


def _row(entry: Entry, cents: int, balance: int, told: _Told) -> Row:
    what, lines, paid_by, url = entry.get_kind_display(), "", entry.note, ""
    if entry.cause_kind == "order":
        lines, paid_by = entry.note, ""
        url = reverse("checkout:order", args=[entry.cause_id])
    if entry.pk in told.transfers:
        transfer = told.transfers[entry.pk]
        what, lines, paid_by = how_said(transfer), transfer.note, ""
        url = reverse("checkout:provider_payment", args=[transfer.uuid])
    elif parts := told.parts.get(entry.pk):
        refund = parts[0].refund
        what = f"Refund {refund.number}{whose(refund.order)}"
        named = (part.allocation.line.description for part in parts if part.allocation)
        lines = ", ".join(dict.fromkeys(named))
        paid_by = ", ".join(dict.fromkeys(words.payment(part.tender) for part in parts))
        url = reverse("checkout:order", args=[refund.order.uuid])
    elif entry.pk in told.orders:
        order = told.orders[entry.pk]
        what = f"Sale #{order.number}{whose(order)}"
        lines = ", ".join(line.description for line in told.lines[entry.pk])
        paid_by = _amounts(told.paid[entry.pk])
        url = reverse("checkout:order", args=[order.uuid])
    return Row(entry, money(cents), money(balance), what, lines, paid_by, url)


def whose(order: Order) -> str:
    """, Clara Nuñez: behind the number of her sale."""
    return f", {order.client}" if order.client else ""


def _amounts(paid: dict[str, int]) -> str:
    """Card $40.00, Cash $20.00; the name alone where one payment paid all."""
    if len(paid) == 1:
        return next(iter(paid))
    return ", ".join(f"{name} {said.amount(money(cents))}" for name, cents in paid.items() if cents)
