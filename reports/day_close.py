"""What a business day moved at a location, as the ledger has it: payments, sales, credit.

Everything is read from the entries of that business date, so it ties to the trial balance.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum
from djmoney.money import Money

from checkout.models import LineItem, Order, TillSession
from ledger.kinds import GUARDED, AccountKind, EntryKind, Flow
from ledger.models import Posting
from ledger.sums import sums, total
from salon.models import Location
from salon.money import currency, money

TENDERS = ["cash", "card", "other_tender", "client_credit", "receivable", "gift_card"]
"""Kinds of account that payments are taken to, in the order of the page."""
MONEY = ["cash", "card", "other_tender", "bank"]
"""Of these, and the bank, what else moved is told, too."""
_PAYMENTS = (EntryKind.TENDER,)
_BACK = (EntryKind.TENDER_BACK, EntryKind.REFUND)


@dataclass(frozen=True)
class Moved:
    """What entries of one kind moved on one account at one till. Minor units; `went` is below zero.

    `kind`: of the entry; `undoes`: of what it reverses, if it does.
    """

    kind: str
    undoes: str
    account_kind: str
    account: str
    till_id: int | None
    came: int
    went: int

    @property
    def net(self) -> int:
        return self.came + self.went

    @property
    def paid(self) -> int:
        """What of it was a payment."""
        return self.net if self.kind in _PAYMENTS and self.account_kind in TENDERS else 0

    @property
    def given_back(self) -> int:
        """What of it went back to who had paid; no sign. What was sold and is taken is none."""
        if self.account_kind not in TENDERS:
            return 0
        if self.kind in _BACK or self.undoes in _PAYMENTS:
            return -self.went if self.account_kind in GUARDED else -self.net
        return 0

    @property
    def otherwise(self) -> int:
        """What moved on an account of money for another reason: the safe, a payout, a fee."""
        if self.account_kind not in MONEY:
            return 0
        return self.net - self.paid + self.given_back

    @property
    def is_sale(self) -> bool:
        """Whether it came with a sale, or goes back on one."""
        return self.kind in (EntryKind.SALE, EntryKind.REFUND) or self.undoes == EntryKind.SALE


def moved_on(on: dt.date, place: Location | None = None) -> list[Moved]:
    """Everything that the day's entries moved; of every location where none is given. One query."""
    rows = Posting.objects.filter(entry__business_date=on, account__currency=currency())
    if place is not None:
        rows = rows.filter(entry__location=place)
    by = [
        *("entry__kind", "entry__reverses__kind"),
        *("account__kind", "account__name", "entry__till_id"),
    ]
    found = rows.values_list(*by).annotate(
        came=Sum("amount", filter=Q(amount__gt=0), default=0),
        went=Sum("amount", filter=Q(amount__lt=0), default=0),
    )
    return [
        Moved(kind, undoes or "", account_kind, account, till, int(came), int(went))
        for kind, undoes, account_kind, account, till, came, went in found.order_by(*by)
    ]


@dataclass(frozen=True)
class Credit:
    """What clients' and gift cards' credit did that day; no sign, but where more went back."""

    what: str
    amount: int


_Which = tuple[str, str, str, bool | None]
_FUTURE: list[_Which] = [
    ("Account credit sold", "client_credit", Flow.SOLD, None),
    ("Deposits", "client_credit", Flow.DEPOSIT, None),
    ("Memberships", "client_credit", Flow.MEMBERSHIP, None),
    ("Gift cards sold", "gift_card", Flow.SOLD, None),
]
_PAST: list[_Which] = [
    ("Account credit used", "client_credit", Flow.USED, False),
    ("Held deposits applied", "client_credit", Flow.USED, True),
    ("Gift cards redeemed", "gift_card", Flow.USED, None),
]


def credit_on(on: dt.date, place: Location) -> tuple[list[Credit], list[Credit]]:
    """Taken for the future, and used from the past. Two queries."""
    rows = sums(
        start=on, end=on, by=("kind", "flow", "is_held"), kind=GUARDED, location_id=place.pk
    )

    def of(kind: str, flow: str, is_held: bool | None) -> int:
        return sum(
            row["amount"]
            for row in rows
            if (row["kind"], row["flow"]) == (kind, flow)
            and (is_held is None or bool(row["is_held"]) == is_held)
        )

    settled = Credit("IOUs paid", -of("receivable", Flow.SETTLED, None))
    owed = Credit("Put on account: owed now", of("receivable", Flow.USED, None))
    future = [Credit(what, -of(kind, flow, held)) for what, kind, flow, held in _FUTURE]
    past = [Credit(what, of(kind, flow, held)) for what, kind, flow, held in _PAST]
    return [*future, settled], [*past, owed]


def sessions_on(on: dt.date, place: Location) -> list[TillSession]:
    """The day's till sessions, in the order of opening. One query."""
    rows = TillSession.objects.filter(business_date=on, till__location=place)
    return list(rows.select_related("till", "opened_by", "closed_by").order_by("pk"))


def discounts_on(on: dt.date, place: Location) -> Money:
    """What discounts took off the sales of that day. One query."""
    lines = LineItem.objects.filter(
        order__entry__business_date=on, order__entry__location=place
    ).aggregate(total=Sum("discount"))
    return Money(lines["total"] or 0, currency())


def waiting_on(on: dt.date, place: Location) -> tuple[Money, list[Order]]:
    """What open orders held at the day's end, and those of them that hold it still. Three queries.

    The orders are those that are open now, of that day and before.
    """
    held = -total(end=on, kind=AccountKind.OPEN_ORDERS, location_id=place.pk)
    orders = Order.objects.holding_money().filter(location=place, business_date__lte=on)
    return money(held), list(orders.select_related("client").order_by("pk")[:20])


def by_tender(moved: Sequence[Moved], figure: str) -> dict[str, int]:
    """One of Moved's figures by kind of tender, those that are nothing left out."""
    found = dict.fromkeys(TENDERS, 0)
    for each in moved:
        if each.account_kind in found:
            found[each.account_kind] += getattr(each, figure)
    return {kind: amount for kind, amount in found.items() if amount}
