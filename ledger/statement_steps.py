"""A client's two accounts read as one, newest first: stored value, and what the client owes.

Each account has versions, and they are its order for certain. Between the accounts an entry that
is on both stands for one moment; what lies between two such entries goes by the entries' numbers.
"""

import datetime as dt
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models import Account, Posting

ACCOUNTS = (AccountKind.CLIENT_CREDIT, AccountKind.RECEIVABLE)


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: everything older has versions below these two. In addresses: 120.4"""

    credit: int
    owed: int

    def __str__(self) -> str:
        return f"{self.credit}.{self.owed}"

    @classmethod
    def parse(cls, text: str | None) -> "Cursor | None":
        """None for what is no cursor: the statement then starts at its newest row."""
        parts = (text or "").split(".")
        if len(parts) == 2 and all(p.isascii() and p.isdigit() and len(p) < 19 for p in parts):
            return cls(int(parts[0]), int(parts[1]))
        return None


@dataclass(frozen=True)
class Step:
    """An entry's effect, minor units, from the client's side."""

    entry_id: int
    kind: str
    day: dt.date
    amount: int
    balance: int


@dataclass(frozen=True)
class Group:
    """An entry's postings on one account: their sum, the balance after, their lowest version."""

    entry_id: int
    kind: str
    day: dt.date
    amount: int
    balance: int
    version: int


@dataclass
class _Account:
    """The part of one account that a page may show, newest first."""

    groups: deque[Group] = field(default_factory=deque)
    is_cut: bool = False
    at: int = 0

    def __post_init__(self) -> None:
        self.entries = {group.entry_id for group in self.groups}

    @property
    def balance(self) -> int:
        """The account's balance (debit positive) where the reading stands."""
        return self.groups[0].balance if self.groups else 0

    @property
    def is_spent(self) -> bool:
        """All that was read has been shown, and there is more: nobody can say what comes next."""
        return self.is_cut and not self.groups

    def take(self) -> Group:
        group = self.groups.popleft()
        self.at = group.version
        return group


class Steps:
    """The steps of a client, newest first, from a cursor on. Two queries.

    `most`: postings read of each account. `older` says where to go on.
    """

    def __init__(self, client: Client, before: Cursor | None, most: int) -> None:
        accounts = dict(
            Account.objects.filter(client=client, kind__in=ACCOUNTS).values_list("kind", "pk")
        )
        starts = (before.credit, before.owed) if before else (None, None)
        ids = [accounts.get(kind) for kind in ACCOUNTS]
        read = _read({pk: at for pk, at in zip(ids, starts, strict=True) if pk is not None}, most)
        self.credit, self.owed = (read.get(pk) or _Account() for pk in ids)

    def __iter__(self) -> Iterator[Step]:
        while (self.credit.groups or self.owed.groups) and not self._must_stop():
            balance = -(self.credit.balance + self.owed.balance)
            groups = [account.take() for account in self._next()]
            yield Step(
                groups[0].entry_id,
                groups[0].kind,
                groups[0].day,
                -sum(group.amount for group in groups),
                balance,
            )

    @property
    def older(self) -> Cursor | None:
        """Where to go on; None when nothing is left."""
        accounts = (self.credit, self.owed)
        if not any(account.groups or account.is_cut for account in accounts):
            return None
        return Cursor(self.credit.at, self.owed.at)

    def _must_stop(self) -> bool:
        return self.credit.is_spent or self.owed.is_spent

    def _next(self) -> list[_Account]:
        if not self.owed.groups:
            return [self.credit]
        if not self.credit.groups:
            return [self.owed]
        stored, owed = self.credit.groups[0].entry_id, self.owed.groups[0].entry_id
        if stored == owed:
            return [self.credit, self.owed]
        if stored in self.owed.entries:
            return [self.owed]
        if owed in self.credit.entries:
            return [self.credit]
        return [self.credit] if stored > owed else [self.owed]


_Posting = tuple[int, str, dt.date, int, int, int]


def _read(starts: dict[int, int | None], most: int) -> dict[int | None, _Account]:
    """The newest postings of each account below a version, by entry. One query, so one moment."""
    if not starts:
        return {}
    parts = [_newest(account_id, before, most) for account_id, before in starts.items()]
    found: dict[int, list[_Posting]] = {account_id: [] for account_id in starts}
    for account_id, *posting in parts[0].union(*parts[1:], all=True):
        found[account_id].append(tuple(posting))
    for postings in found.values():
        postings.sort(key=itemgetter(5), reverse=True)
        if len(postings) > most and postings[0][0] == postings[most][0]:
            return _read(starts, most * 10)  # One entry fills all of it.
    return {account_id: _account(postings, most) for account_id, postings in found.items()}


def _newest(account_id: int, before: int | None, most: int) -> QuerySet[Posting, Any]:
    postings = Posting.objects.filter(account=account_id, version__isnull=False)
    if before is not None:
        postings = postings.filter(version__lt=before)
    return postings.order_by("-version").values_list(
        "account_id",
        "entry_id",
        "entry__kind",
        "business_date",
        "amount",
        "balance_after",
        "version",
    )[: most + 1]


def _account(postings: list[_Posting], most: int) -> _Account:
    """An entry that is cut in the middle is left for the next page."""
    groups = deque(_grouped(postings[:most]))
    is_cut = len(postings) > most
    if is_cut and groups[-1].entry_id == postings[most][0]:
        groups.pop()
    return _Account(groups, is_cut, at=postings[0][5] + 1 if postings else 0)


def _grouped(postings: list[_Posting]) -> Iterator[Group]:
    for entry_id, legs in groupby(postings, key=itemgetter(0)):
        of_entry = list(legs)
        newest, oldest = of_entry[0], of_entry[-1]
        amount = sum(posting[3] for posting in of_entry)
        yield Group(entry_id, newest[1], newest[2], amount, newest[4], oldest[5])
