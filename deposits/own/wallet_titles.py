"""What moved a client's balance, in words for the client."""

from collections.abc import Iterable

from ledger.kinds import EntryKind, Source
from ledger.models import Entry, Lot
from ledger.narrating import title_of
from ledger.statement import Row


def title_for(row: Row, *, is_deposit: bool) -> str:
    """Deposit paid. `is_deposit`: the row is of a sale that sold deposits alone."""
    kind, is_more = row.entry.kind, row.amount.amount > 0
    if kind == EntryKind.ADJUSTMENT:
        return "Given by the salon" if is_more else "Taken off by the salon"
    if kind == EntryKind.SALE and is_more and is_deposit:
        return "Deposit paid"
    if kind == EntryKind.TENDER and row.amount.amount < 0 and row.balance.amount < 0:
        return "Put on your account"
    return title_of(row.entry, row.amount)


def deposits_alone(entries: Iterable[Entry]) -> set[int]:
    """Ids of the sales among these that sold deposits and no other credit. One query, if any."""
    sales = [entry.pk for entry in entries if entry.kind == EntryKind.SALE]
    found: dict[int, set[str]] = {}
    rows = Lot.objects.filter(opened_by__in=sales) if sales else Lot.objects.none()
    for entry, source in rows.values_list("opened_by", "source"):
        found.setdefault(entry, set()).add(source)
    return {entry for entry, sources in found.items() if sources == {Source.DEPOSIT}}
