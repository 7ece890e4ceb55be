"""What happened with a card, newest first: what moved its value, what stopped it, what was sent."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from djmoney.money import Money

from giftcards.models import GiftCard
from ledger import causes
from ledger.kinds import EntryKind
from ledger.models import Entry, Posting
from salon import said
from salon.money import money

SHOWN = 200
"""Entries of one card; nobody has a card that pays oftener."""

_MORE = {
    EntryKind.SALE: "Sold",
    EntryKind.TENDER_BACK: "Payment taken back",
    EntryKind.REFUND: "Refunded to the card",
    EntryKind.OPENING: "Brought over",
}
_LESS = {
    EntryKind.TENDER: "Paid with it",
    EntryKind.REFUND: "Its sale was refunded",
    EntryKind.EXPIRY: "Expired",
}


@dataclass(frozen=True)
class Event:
    """`amount` and `after` where value moved; `url` leads to the sale."""

    at: dt.datetime
    what: str
    who: str = ""
    note: str = ""
    amount: Money | None = None
    after: Money | None = None
    name: str = ""
    url: str = ""
    is_lost: bool = False


def history_of(card: GiftCard) -> list[Event]:
    """Four queries at most."""
    # Each oldest first: what has the same moment keeps its order when all are turned around.
    events = [*_moves(card)[::-1], *_blocks(card), *_mailings(card)]
    return sorted(events, key=lambda event: event.at)[::-1]


def _moves(card: GiftCard) -> list[Event]:
    """One for each entry, however many lots it touched; newest first."""
    postings = (
        Posting.objects.filter(account=card.account_id)
        .select_related("entry__staff", "entry__location")
        .order_by("-version")[:SHOWN]
    )
    by_entry: dict[Entry, tuple[int, int]] = {}
    for posting in postings:
        amount, after = by_entry.get(posting.entry, (0, posting.balance_after or 0))
        by_entry[posting.entry] = amount - posting.amount, after
    names = causes.names_of(by_entry)
    return [
        Event(
            at=entry.occurred_at,
            what=_what(entry, amount),
            who=f"{entry.staff or 'By itself'} · {entry.location}",
            note=entry.note,
            amount=money(amount),
            after=money(-after),
            name=names.get((entry.cause_kind, entry.cause_id), ""),
            url=_url(entry),
        )
        for entry, (amount, after) in by_entry.items()
    ]


def _what(entry: Entry, amount: int) -> str:
    words = _MORE if amount > 0 else _LESS
    return words.get(EntryKind(entry.kind)) or entry.get_kind_display()


def _url(entry: Entry) -> str:
    if not causes.is_known(entry.cause_kind):
        return ""
    return reverse("ledger:cause", args=[entry.cause_kind, entry.cause_id])


def _blocks(card: GiftCard) -> list[Event]:
    events = []
    for block in card.blocks.select_related("by", "lifted_by"):
        events.append(Event(block.at, "Blocked", str(block.by), block.reason, is_lost=True))
        if block.lifted_at:
            who = str(block.lifted_by)
            events.append(Event(block.lifted_at, "Unblocked", who, block.lifted_reason))
    return events


def _mailings(card: GiftCard) -> list[Event]:
    events = []
    for mailing in card.mailings.select_related("asked_by"):
        who = str(mailing.asked_by or "With the sale")
        if mailing.sent_at:
            events.append(Event(mailing.sent_at, f"E-mailed to {mailing.to}", who))
        elif mailing.dropped:
            what = f"Not e-mailed to {mailing.to}"
            events.append(Event(mailing.due_at, what, who, mailing.dropped, is_lost=True))
        else:
            due = said.moment(mailing.due_at, mailing.asked_at)
            what = f"To be e-mailed to {mailing.to}: {due}"
            events.append(Event(mailing.asked_at, what, who))
    return events
