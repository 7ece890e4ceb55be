"""Every act with money, as lines of who did what: the journal's entries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from djmoney.money import Money

from clients.searching import find_clients
from ledger import causes
from ledger.kinds import GUARDED, AccountKind, EntryKind
from ledger.models import Entry, Posting, Seal
from ledger.narrating import reason_of
from salon import said
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of
from salon.money import money

KEY = "money"
SEALS = "seals"
_OF_ENTRIES = Columns(at="occurred_at", staff="staff", place="location", till="till")
_OF_SEALS = Columns(at="sealed_at", staff="staff", place="location", texts=("note", "staff__name"))
CLIENTS = 50
"""Entries of at most so many clients who match what was typed."""
DAYS_BEHIND = dt.timedelta(days=2)
"""How far an entry's day can be behind the date of another place: its zone's, and its start's."""


def entries(wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """Two queries, one for each kind of cause among them, and one for words that name clients.

    `occurred_at` is the moment that they stand at; the day narrows what is read to find them. What
    happens at night may belong to the day before, and somewhere else it is still the day before.
    """
    rows = Entry.objects.select_related("staff", "location", "till", "reverses")
    rows = rows.filter(business_date__gte=wanted.start.date() - DAYS_BEHIND)
    if wanted.words:
        rows = _said(rows, wanted.words)
    found = list(page_of(rows, wanted, before, source=KEY, columns=_OF_ENTRIES)[:limit])
    names = causes.names_of(found)
    legs = _legs_of(found)
    return [_record(entry, legs[entry.pk], names) for entry in found]


def _said(rows: QuerySet[Entry], words: str) -> QuerySet[Entry]:
    """Of these: whose note, kind, person, client or cause is named so."""
    kinds = [kind.value for kind in EntryKind if words.casefold() in kind.label.casefold()]
    fits = Q(note__icontains=words) | Q(staff__name__icontains=words) | Q(kind__in=kinds)
    fits |= Q(cause_id__in=causes.ids_of(words)) | Q(key=words)
    if clients := find_clients(words, CLIENTS):
        theirs = Posting.objects.filter(entry=OuterRef("pk"), account__client__in=clients)
        fits |= Q(Exists(theirs))
    return rows.filter(fits)


def _legs_of(found: Iterable[Entry]) -> dict[int, list[Posting]]:
    """The postings of these entries in their order. One query."""
    legs: dict[int, list[Posting]] = defaultdict(list)
    rows = Posting.objects.filter(entry__in=found).select_related("account__client")
    for posting in rows.order_by("entry_id", "line"):
        legs[posting.entry_id].append(posting)
    return legs


def _record(entry: Entry, legs: list[Posting], names: dict[tuple[str, str], str]) -> Record:
    before, after, client = _balances(legs)
    name = names.get((entry.cause_kind, entry.cause_id), "")
    return Record(
        spot=Spot(entry.occurred_at, KEY, entry.pk),
        what=_what(entry),
        about=" · ".join(part for part in (name, *_holders(legs)) if part),
        before=before,
        after=after,
        amount=_amount(legs),
        note=" · ".join(part for part in (reason_of(entry), entry.note) if part),
        who=entry.staff.name if entry.staff else "",
        place=entry.location.name,
        till=entry.till.name if entry.till else "",
        url=_url(entry, client),
    )


def _what(entry: Entry) -> str:
    if entry.reverses:
        return f"Undone: {entry.reverses.get_kind_display().lower()}"
    return entry.get_kind_display()


def _amount(legs: Iterable[Posting]) -> Money:
    """What the entry moved: its debits."""
    return money(sum(leg.amount for leg in legs if leg.amount > 0))


def _holders(legs: Iterable[Posting]) -> list[str]:
    """The clients whose money it was, each once."""
    return list(dict.fromkeys(leg.account.client.name for leg in legs if leg.account.client))


def _balances(legs: Iterable[Posting]) -> tuple[str, str, int | None]:
    """What its clients and gift cards had before and after, and the first client's id."""
    first: dict[int, Posting] = {}
    last: dict[int, Posting] = {}
    for leg in legs:
        if leg.account.kind in GUARDED:
            first.setdefault(leg.account_id, leg)
            last[leg.account_id] = leg
    before = [_balance(leg, (leg.balance_after or 0) - leg.amount) for leg in first.values()]
    after = [_balance(leg, leg.balance_after or 0) for leg in last.values()]
    client = next((leg.account.client_id for leg in last.values() if leg.account.client_id), None)
    return ", ".join(before), ", ".join(after), client


def _balance(leg: Posting, cents: int) -> str:
    """$40.00 credit; owes $12.00; a gift card's $50.00."""
    if leg.account.kind == AccountKind.GIFT_CARD:
        return f"gift card {said.amount(money(-cents))}"
    if leg.account.kind == AccountKind.RECEIVABLE and not cents:
        return "owes nothing"
    return said.balance(money(-cents))


def _url(entry: Entry, client: int | None) -> str:
    if causes.is_known(entry.cause_kind):
        return reverse("ledger:cause", args=[entry.cause_kind, entry.cause_id])
    return reverse("ledger:entry", args=[client, entry.pk]) if client else ""


def seals(wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """Days that were closed for good. One query."""
    rows = Seal.objects.select_related("staff", "location")
    found = page_of(rows, wanted, before, source=SEALS, columns=_OF_SEALS)[:limit]
    return [_seal(row) for row in found]


def _seal(row: Seal) -> Record:
    return Record(
        spot=Spot(row.sealed_at, SEALS, row.pk),
        what="Day sealed",
        about=f"{row.business_date:%a, %b} {row.business_date.day}, {row.business_date.year}",
        after=bytes(row.digest).hex()[:16],
        note=row.note,
        who=row.staff.name,
        place=row.location.name,
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(KEY, "Money", entries))
    add(Source(SEALS, "Sealed days", seals))
