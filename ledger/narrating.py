"""Rows of the statement in the words of the desk."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from djmoney.money import Money

from clients.models import Client
from ledger import causes
from ledger.kinds import AdjustReason, EntryKind, Restriction, Source
from ledger.models import Entry, Lot
from ledger.statement import Row
from salon import said

_MORE = {
    EntryKind.SALE: "Account credit bought",
    EntryKind.TENDER_BACK: "Payment taken back",
    EntryKind.REFUND: "Refund to the balance",
    EntryKind.ADJUSTMENT: "Added by hand",
    EntryKind.FORFEIT: "Forfeiture undone",
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


def tell(client: Client, rows: Iterable[Row], *, with_notes: bool = True) -> list[Told]:
    """One query for each kind of cause among the rows, one for gifts, one for sales of credit.

    `with_notes`: with what the desk wrote for itself, which is not for the client to read.
    """
    rows = list(rows)
    names = causes.names_of(row.entry for row in rows)
    terms = _terms_of(row.entry for row in rows)
    by_members = _of_memberships(row.entry for row in rows)
    return [
        _told(
            client,
            row,
            names,
            terms.get(row.entry.pk, ""),
            row.entry.pk in by_members,
            row.entry.note if with_notes else "",
        )
        for row in rows
    ]


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


def _terms_of(entries: Iterable[Entry]) -> dict[int, str]:
    """What the gifts of these entries may be spent on and until when, by the entry's id."""
    given = [entry for entry in entries if entry.kind == EntryKind.ADJUSTMENT]
    lots = Lot.objects.filter(opened_by__in=given).select_related("opened_by") if given else []
    return {lot.opened_by_id: terms for lot in lots if (terms := _terms(lot))}


def _of_memberships(entries: Iterable[Entry]) -> set[int]:
    """Ids of the sales among these of which a membership added the credit, and nothing else did."""
    sales = [entry.pk for entry in entries if entry.kind == EntryKind.SALE]
    lots = Lot.objects.filter(opened_by__in=sales) if sales else Lot.objects.none()
    found = set(lots.values_list("opened_by", "source").distinct())
    others = {entry for entry, source in found if source != Source.MEMBERSHIP}
    return {entry for entry, source in found} - others


def _terms(lot: Lot) -> str:
    """ "Services only, until Fri, Nov 27"; nothing for a plain one."""
    terms = [] if lot.restriction == Restriction.ANY else [Restriction(lot.restriction).label]
    if lot.expires_on:
        terms.append(f"until {said.day(lot.expires_on, lot.opened_by.business_date)}")
    said_so = ", ".join(terms)
    return said_so[:1].upper() + said_so[1:]


def _told(
    client: Client,
    row: Row,
    names: dict[tuple[str, str], str],
    terms: str,
    is_of_member: bool,
    note: str,
) -> Told:
    entry = row.entry
    name = names.get((entry.cause_kind, entry.cause_id), "")
    parts = (name, reason_of(entry), terms, note)
    return Told(
        entry=entry,
        amount=row.amount,
        balance=row.balance,
        title="Added by a membership" if is_of_member else title_of(entry, row.amount),
        detail=" · ".join(part for part in parts if part),
        url=url_of(client, entry),
    )
