"""What is in a till by the books, and what came and went while it was open."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from djmoney.money import Money

from checkout.models import CashMovement, TillSession
from ledger import accounts, causes
from ledger.kinds import EntryKind
from ledger.models import Posting
from salon.models import Till
from salon.money import currency, money

SHOWN_AT_MOST = 200
"""Rows of a session's own page; what is older is in the sums."""

_GIVEN_BACK = (EntryKind.TENDER_BACK, EntryKind.REFUND, EntryKind.REVERSAL)


def expected_in(till: Till) -> int:
    """What should be in the till now: what stands on its account, in minor units. One query."""
    return _postings(till).aggregate(total=Sum("amount"))["total"] or 0


@dataclass(frozen=True)
class Figures:
    """What a session's cash did. All are amounts without a sign, but `tips` (below zero where more
    was undone than paid), `other` and `expected`."""

    float: Money
    sales: Money
    refunds: Money
    paid_in: Money
    from_safe: Money
    paid_out: Money
    to_safe: Money
    tips: Money
    """Paid out to who earned them."""
    other: Money
    """What other entries moved: paid to providers, and by upper floors."""

    @property
    def expected(self) -> Money:
        """What should be in the till, before it was counted."""
        came = self.float + self.sales + self.paid_in + self.from_safe
        return came - self.refunds - self.paid_out - self.to_safe - self.tips + self.other


def figures_of(session: TillSession) -> Figures:
    """Read from the postings on the till's account, up to now or its close. One query."""
    rows = (
        _of_session(session)
        .values("entry__kind", "to_safe")
        .annotate(
            came=Sum("amount", filter=Q(amount__gt=0)), went=Sum("amount", filter=Q(amount__lt=0))
        )
    )
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        for amount in (row["came"] or 0, row["went"] or 0):
            sums[_column(row["entry__kind"], row["to_safe"], amount)] += amount
    came = {name: money(sums[name]) for name in ("sales", "paid_in", "from_safe", "other")}
    went = {name: money(-sums[name]) for name in ("refunds", "paid_out", "to_safe")}
    return Figures(float=session.float, tips=money(-sums["tips"]), **came, **went)


@dataclass(frozen=True)
class Moved:
    """One thing that moved cash. `amount` is below zero for what went out."""

    at: dt.datetime
    what: str
    note: str
    who: str
    amount: Money
    url: str


def moved_in(session: TillSession) -> list[Moved]:
    """The session's newest SHOWN_AT_MOST acts, newest first. Two queries at most."""
    rows = list(
        _of_session(session)
        .select_related("entry__staff")
        .order_by("-entry_id", "-line")[:SHOWN_AT_MOST]
    )
    names = causes.names_of(row.entry for row in rows)
    return [_moved(row, names) for row in rows]


_WORDS = {
    "sales": "Cash sale",
    "refunds": "Cash given back",
    "paid_in": "Paid in",
    "from_safe": "From the safe",
    "paid_out": "Paid out",
    "to_safe": "To the safe",
    "tips": "Tips paid out",
    "other": "Other cash",
}


def _moved(row: Any, names: dict[tuple[str, str], str]) -> Moved:
    entry = row.entry
    column = _column(entry.kind, row.to_safe, row.amount)
    name = names.get((entry.cause_kind, entry.cause_id), "")
    url = causes.url_of(entry.cause_kind, entry.cause_id) if name else None
    words = name if column in ("sales", "tips") and name else _WORDS[column]
    if column == "tips" and row.amount > 0:
        words = f"Undone: {words[:1].lower()}{words[1:]}"
    if column == "refunds" and name:
        words = f"Given back on {name[:1].lower()}{name[1:]}"
    return Moved(
        at=entry.occurred_at,
        what=words,
        note="" if entry.note == _WORDS[column] else entry.note,
        who=str(entry.staff or ""),
        amount=money(row.amount),
        url=url or "",
    )


def _column(kind: str, to_safe: bool | None, amount: int) -> str:
    """Where an amount is counted. `to_safe` is None for what nobody moved by hand."""
    if kind == EntryKind.TENDER:
        return "sales"
    if kind in _GIVEN_BACK:
        return "refunds"
    if kind == EntryKind.TIPS:
        return "tips"
    if to_safe is None:
        return "other"
    if amount > 0:
        return "from_safe" if to_safe else "paid_in"
    return "to_safe" if to_safe else "paid_out"


def _of_session(session: TillSession) -> QuerySet[Any]:
    """The postings of a session, with `to_safe` for those that somebody moved by hand."""
    rows = _postings(session.till).filter(entry_id__gt=session.opened_after)
    if session.closed_after is not None:
        rows = rows.filter(entry_id__lte=session.closed_after)
    by_hand = CashMovement.objects.filter(entry=OuterRef("entry_id")).values("to_safe")
    return rows.annotate(to_safe=Subquery(by_hand))


def _postings(till: Till) -> QuerySet[Posting]:
    # The condition on version is that of the index of house accounts.
    return Posting.objects.filter(
        account__name=accounts.cash(till), account__currency=currency(), version__isnull=True
    )
