"""What moved a client's balance, in words for the client."""

from collections.abc import Iterable

from ledger.kinds import EntryKind, Source
from ledger.models import Entry, Lot
from ledger.narrating import title_of
from ledger.statement import Row

_SOLD = {Source.DEPOSIT: "Deposit paid", Source.MEMBERSHIP: "Added by your membership"}
"""What a sale is called that sold credit of this source and no other."""


def title_for(row: Row, *, sold: str = "") -> str:
    """Deposit paid. `sold`: the only source of what the row's sale sold, if there is one."""
    kind, is_more = row.entry.kind, row.amount.amount > 0
    if kind == EntryKind.ADJUSTMENT:
        return "Given by the salon" if is_more else "Taken off by the salon"
    if kind == EntryKind.SALE and is_more and sold in _SOLD:
        return _SOLD[Source(sold)]
    if kind == EntryKind.TENDER and row.amount.amount < 0 and row.balance.amount < 0:
        return "Put on your account"
    return title_of(row.entry, row.amount)


def sold_alone(entries: Iterable[Entry]) -> dict[int, str]:
    """Of the sales among these that sold credit of one source alone: which, by the entry's id. One
    query, if any."""
    sales = [entry.pk for entry in entries if entry.kind == EntryKind.SALE]
    found: dict[int, set[str]] = {}
    rows = Lot.objects.filter(opened_by__in=sales) if sales else Lot.objects.none()
    for entry, source in rows.values_list("opened_by", "source"):
        found.setdefault(entry, set()).add(source)
    return {entry: sources.pop() for entry, sources in found.items() if len(sources) == 1}
