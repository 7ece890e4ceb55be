"""A client's statement for some days: what stood at the beginning, each entry, what stood after.

By business date, as reports count. What stands now is kept on the accounts and in the lots, so the
figures at the end are those less what came after, and no more of a long history is read than that.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Sum
from djmoney.money import Money

from clients.models import Client
from ledger.kinds import AccountKind, Source
from ledger.models import Account, Entry, Lot, Posting
from ledger.narrating import Told, tell
from ledger.one_moment import one_moment
from ledger.statement import Row
from ledger.statement_steps import ACCOUNTS
from salon.money import currency, money

MOST = 1000
"""Entries that are listed at most; the figures are of all."""

Part = tuple[str | None, bool]
"""How it came in, and whether it is held for a visit."""
_OWED: Part = (None, False)


@dataclass(frozen=True)
class ClientStatement:
    """`opening` and `closing` are what the client has less what they owe; the oldest row first.

    `sources`: what is held and what is free together, by how it came in, without those of nothing.
    `is_cut`: there were more than MOST entries, and the last of them are not listed.
    """

    client: Client
    start: dt.date
    end: dt.date
    opening: Money
    closing: Money
    rows: list[Told]
    is_cut: bool
    added: Money
    used: Money
    sources: list[tuple[str, Money]]
    held: Money
    owes: Money


def client_statement(client: Client, start: dt.date, end: dt.date) -> ClientStatement:
    """From the beginning of `start` to the end of `end`, business dates. Seven queries and one for
    each kind of cause, however many postings there are."""
    with one_moment():
        accounts = _accounts(client)
        after = _after(accounts, end)
        entries = _entries(accounts, start, end)
        parts = _parts(accounts, after)
        closing = -sum(account.balance or 0 for account in accounts) + sum(after.values())
        opening = closing - sum(cents for _, cents in entries)
        rows = tell(client, _rows(entries[:MOST], opening), with_notes=False)
    owed = sum(a.balance or 0 for a in accounts if a.kind == AccountKind.RECEIVABLE)
    return ClientStatement(
        client=client,
        start=start,
        end=end,
        opening=money(opening),
        closing=money(closing),
        rows=rows,
        is_cut=len(entries) > MOST,
        added=money(sum(cents for _, cents in entries if cents > 0)),
        used=money(-sum(cents for _, cents in entries if cents < 0)),
        sources=_by_source(parts),
        held=money(sum(cents for (_, is_held), cents in parts.items() if is_held)),
        owes=money(owed - after.get(_OWED, 0)),
    )


def _accounts(client: Client) -> list[Account]:
    return list(Account.objects.filter(client=client, kind__in=ACCOUNTS, currency=currency()))


def _postings(accounts: Sequence[Account], days: Q) -> QuerySet[Posting]:
    # The condition on version is that of the index of these accounts. The day is asked of both, so
    # that PostgreSQL reads either the account's postings or those days' entries, whichever is less.
    return Posting.objects.filter(days, account__in=accounts, version__isnull=False).order_by()


def _after(accounts: Sequence[Account], end: dt.date) -> Mapping[Part, int]:
    """What came after that day, debit positive, by part; of what the client owes under _OWED."""
    later = _postings(accounts, Q(business_date__gt=end, entry__business_date__gt=end))
    is_held = ExpressionWrapper(Q(lot__appointment__isnull=False), BooleanField())
    found = later.annotate(is_held=is_held).values_list("lot__source", "is_held")
    return {(source, held): cents for source, held, cents in found.annotate(Sum("amount"))}


def _entries(accounts: Sequence[Account], start: dt.date, end: dt.date) -> list[tuple[int, int]]:
    """Each entry of these days with what it gave the client, the oldest first."""
    days = (start, end)
    within = Q(business_date__range=days, entry__business_date__range=days)
    sums = _postings(accounts, within).values("entry_id", "business_date")
    found = sums.annotate(cents=Sum("amount")).order_by("business_date", "entry_id")
    return [(entry, -cents) for entry, cents in found.values_list("entry_id", "cents")]


def _parts(accounts: Sequence[Account], after: Mapping[Part, int]) -> Mapping[Part, int]:
    """What stood in lots at the end: what stands there now, and what was spent since."""
    is_held = ExpressionWrapper(Q(appointment__isnull=False), BooleanField())
    lots = Lot.objects.filter(account__in=accounts, is_open=True).order_by()
    found = lots.annotate(is_held=is_held).values_list("source", "is_held")
    parts: dict[Part, int] = defaultdict(int)
    for source, held, cents in found.annotate(Sum("remaining")):
        parts[source, held] += cents
    for (source, held), cents in after.items():
        if source is not None:
            parts[source, held] += cents
    return parts


def _rows(entries: Sequence[tuple[int, int]], opening: int) -> list[Row]:
    related = Entry.objects.select_related("staff", "location", "reverses", "reversed_by")
    found = related.in_bulk([entry for entry, _ in entries])
    rows, balance = [], opening
    for entry, cents in entries:
        balance += cents
        rows.append(Row(found[entry], money(cents), money(balance)))
    return rows


def _by_source(parts: Mapping[Part, int]) -> list[tuple[str, Money]]:
    sums: dict[str | None, int] = defaultdict(int)
    for (source, _), cents in parts.items():
        sums[source] += cents
    return [(label, money(sums[code])) for code, label in Source.choices if sums[code]]
