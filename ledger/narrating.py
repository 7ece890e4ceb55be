"""Rows of the statement in the words of the desk."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from djmoney.money import Money

from clients.models import Client
from ledger import causes
from ledger.kinds import AdjustReason, EntryKind
from ledger.models import Entry
from ledger.statement import Row

_MORE = {
    EntryKind.SALE: "Account credit bought",
    EntryKind.TENDER_BACK: "Payment taken back",
    EntryKind.REFUND: "Refund to the balance",
    EntryKind.ADJUSTMENT: "Added by hand",
}
_LESS = {
    EntryKind.TENDER: "Paid with account credit",
    EntryKind.REFUND: "Bought credit refunded",
    EntryKind.ADJUSTMENT: "Taken away by hand",
    EntryKind.EXPIRY: "Expired",
}


@dataclass(frozen=True)
class Told:
    """A row with its words and the page that it opens."""

    entry: Entry
    amount: Money
    balance: Money
    title: str
    detail: str
    url: str

    @property
    def is_more(self) -> bool:
        return self.amount.amount > 0


def tell(client: Client, rows: Iterable[Row]) -> list[Told]:
    """One query for each kind of cause among the rows."""
    rows = list(rows)
    names = causes.names_of(row.entry for row in rows)
    return [_told(client, row, names) for row in rows]


def title_of(entry: Entry, amount: Money) -> str:
    """What happened, from the client's side."""
    words = _MORE if amount.amount > 0 else _LESS
    if entry.kind == EntryKind.REVERSAL and entry.reverses:
        return f"Undone: {entry.reverses.get_kind_display().lower()}"
    return words.get(EntryKind(entry.kind)) or entry.get_kind_display()


def reason_of(entry: Entry) -> str:
    """Reward, Gift …, when one was given."""
    return dict(AdjustReason.choices).get(entry.reason, entry.reason)


def url_of(client: Client, entry: Entry) -> str:
    """What the row opens: the page of its cause, else the entry itself."""
    if causes.is_known(entry.cause_kind):
        return reverse("ledger:cause", args=[entry.cause_kind, entry.cause_id])
    return reverse("ledger:entry", args=[client.pk, entry.pk])


def _told(client: Client, row: Row, names: dict[tuple[str, str], str]) -> Told:
    entry = row.entry
    name = names.get((entry.cause_kind, entry.cause_id), "")
    parts = (name, reason_of(entry), entry.note)
    return Told(
        entry=entry,
        amount=row.amount,
        balance=row.balance,
        title=title_of(entry, row.amount),
        detail=" · ".join(part for part in parts if part),
        url=url_of(client, entry),
    )
