"""One entry as it concerns one client, for reading."""

from dataclasses import dataclass

from djmoney.money import Money

from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models import Entry, Lot, Posting
from ledger.statement_steps import ACCOUNTS
from salon.money import money


@dataclass(frozen=True)
class Leg:
    """What the entry did to one lot, or to what the client owes (`lot` is None then)."""

    amount: Money
    lot: Lot | None
    opened: bool


@dataclass(frozen=True)
class Shown:
    """`amount` above zero is more for the client; the legs add up to it."""

    entry: Entry
    amount: Money
    legs: list[Leg]


def entry_of(client: Client, entry_id: int) -> Shown | None:
    """The entry, if it touched this client's accounts. Two queries."""
    postings = list(
        Posting.objects.filter(entry=entry_id, account__client=client, account__kind__in=ACCOUNTS)
        .select_related("lot", "account")
        .order_by("line")
    )
    if not postings:
        return None
    entry = Entry.objects.select_related("staff", "location", "reverses", "reversed_by").get(
        pk=entry_id
    )
    legs = [_leg(posting) for posting in postings]
    return Shown(entry, sum((leg.amount for leg in legs), money(0)), legs)


def _leg(posting: Posting) -> Leg:
    lot = posting.lot if posting.account.kind == AccountKind.CLIENT_CREDIT else None
    opened = lot is not None and lot.opened_by_id == posting.entry_id and posting.amount < 0
    return Leg(money(-posting.amount), lot, opened)
