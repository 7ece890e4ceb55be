"""Entries with their postings, in the order of their ids, a few thousand ids at a time.

By ranges of ids rather than by a cursor: both tables are read along their keys, each batch by two
plain queries, so that a journal of any length takes one batch of memory here and none there.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Max, Min, QuerySet, Sum

from ledger.models import Entry, Posting

BATCH = 4_000
"""Ids in a batch, some of which nobody has."""


class Act(NamedTuple):
    """An entry as its row has it."""

    id: int
    on: dt.date
    kind: str
    key: str
    location: int
    staff: int | None
    reason: str
    note: str
    cause_kind: str
    cause_id: str
    reverses: int | None


_COLUMNS = (
    "id",
    "business_date",
    "kind",
    "key",
    "location_id",
    "staff_id",
    "reason",
    "note",
    "cause_kind",
    "cause_id",
    "reverses_id",
)

Leg = tuple[int, int, int | None]
"""Account, amount and lot of a posting."""


class Span(NamedTuple):
    """Business dates, both in it; None: without bound."""

    start: dt.date | None = None
    end: dt.date | None = None

    @property
    def lookups(self) -> dict[str, dt.date]:
        found = {"business_date__gte": self.start, "business_date__lte": self.end}
        return {lookup: day for lookup, day in found.items() if day is not None}


ALWAYS = Span()


def batches(span: Span) -> Iterator[tuple[list[Act], list[list[Leg]]]]:
    """The entries, and for each the legs in order of their lines. Two queries a batch, one before.

    Call inside of one snapshot: between two batches others post.
    """
    entries = Entry.objects.filter(**span.lookups).order_by("id")
    # Without the order, which would make it look through the ids one by one for the first day.
    found = entries.order_by().aggregate(first=Min("id"), last=Max("id"))
    if found["first"] is None:
        return
    for low in range(found["first"], found["last"] + 1, BATCH):
        high = low + BATCH - 1
        acts = [Act(*row) for row in entries.filter(id__range=(low, high)).values_list(*_COLUMNS)]
        if acts:
            yield acts, _legs_of(acts, low, high, span)


def _legs_of(acts: list[Act], low: int, high: int, span: Span) -> list[list[Leg]]:
    by_entry: dict[int, list[Leg]] = {act.id: [] for act in acts}
    rows = Posting.objects.filter(entry_id__gte=low, entry_id__lte=high, **span.lookups)
    columns = rows.order_by("entry_id", "line").values_list(
        "entry_id", "account_id", "amount", "lot_id"
    )
    for entry, account, amount, lot in columns:
        by_entry[entry].append((account, amount, lot))
    return list(by_entry.values())


def house_sums(before: dt.date, kinds: list[str]) -> Iterator[tuple[str, str, str, int]]:
    """Kind, name, currency and what stood on each account of other kinds than these. One query."""
    return _sums(before).exclude(account__kind__in=kinds).iterator(chunk_size=BATCH)


def client_sums(before: dt.date, kinds: list[str]) -> Iterator[tuple[str, str, str, int]]:
    """The same for accounts of these kinds, of which there may be any number."""
    return _sums(before).filter(account__kind__in=kinds).iterator(chunk_size=BATCH)


def _sums(before: dt.date) -> QuerySet:
    return (
        Posting.objects.filter(business_date__lt=before)
        .values_list("account__kind", "account__name", "account__currency")
        .annotate(net=Sum("amount"))
        .exclude(net=0)
        .order_by("account__name", "account__currency")
    )
