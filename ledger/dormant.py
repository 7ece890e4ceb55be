"""Balances that nobody touches: clients with credit who did nothing with it for some months."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from ledger.kinds import EntryKind
from salon.money import currency

PAGE = 100
MONTHS = 12

NOT_THEIRS = [
    EntryKind.EXPIRY,
    EntryKind.LOT_CHANGE,
    EntryKind.MERGE,
    EntryKind.ADJUSTMENT,
    EntryKind.REVERSAL,
    EntryKind.FORFEIT,
    EntryKind.OPENING,
]
"""What the salon does with a balance; all else the client did: buying, paying, a refund."""


@dataclass(frozen=True)
class Dormant:
    """`last`: when the client last did something with it; None where they never did."""

    client_id: int
    name: str
    phone: str
    email: str
    balance: int
    since: dt.date
    last: dt.date | None


@dataclass(frozen=True)
class Found:
    """The first of them, the most first; `clients` and `balance` are of all."""

    rows: list[Dormant]
    clients: int
    balance: int


def cutoff(today: dt.date, months: int) -> dt.date:
    """The last day that counts as long ago: so many months before today, or the month's last."""
    number = today.year * 12 + today.month - 1 - months
    first = dt.date(number // 12, number % 12 + 1, 1)
    after = (first + dt.timedelta(days=31)).replace(day=1)
    return min(first.replace(day=1) + dt.timedelta(days=today.day - 1), after - dt.timedelta(1))


def dormant(*, until: dt.date, limit: int | None = PAGE) -> Found:
    """Clients with a balance as it stands now, which they last moved on `until` or before.

    Who never moved it themselves counts from when it came in. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _QUERY,
            {
                "until": until,
                "currency": currency(),
                "not_theirs": [kind.value for kind in NOT_THEIRS],
                "limit": limit,
            },
        )
        rows = cursor.fetchall()
    return Found(
        [Dormant(*row[:-2]) for row in rows],
        rows[0][-2] if rows else 0,
        int(rows[0][-1]) if rows else 0,
    )


def everyone(until: dt.date) -> Iterator[Dormant]:
    """All of them, for a file. One query."""
    yield from dormant(until=until, limit=None).rows


# The versions of an account follow each other, so its last movements are found from the end of a
# small index: mostly the first one that is looked at is the client's own.
_QUERY = """
    select c.id, trim(c.first_name || ' ' || c.last_name), c.phone, c.email, -a.balance,
           coalesce(theirs.day, first.day), theirs.day, count(*) over (), sum(-a.balance) over ()
    from ledger_account a
    join clients_client c on c.id = a.client_id
    join lateral (
        select p.business_date as day from ledger_posting p
        where p.account_id = a.id and p.version = 1
    ) as first on first.day <= %(until)s
    left join lateral (
        select p.business_date as day from ledger_posting p
        join ledger_entry e on e.id = p.entry_id
        where p.account_id = a.id and p.version is not null and e.kind <> all (%(not_theirs)s)
        order by p.version desc limit 1
    ) as theirs on true
    where a.kind = 'client_credit' and a.balance < 0 and a.currency = %(currency)s
      and (theirs.day is null or theirs.day <= %(until)s)
    order by a.balance, c.id
    limit %(limit)s
"""
