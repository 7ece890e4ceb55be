"""What stands on gift cards at the end of a business date, card by card, and how old it is.

Added up from the postings up to that day. What a card is called, its own app says
(ledger/account_names.py).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from ledger.kinds import AccountKind, Flow
from ledger.sums import sums
from salon.addresses import whole_number
from salon.models import Location
from salon.money import currency

PAGE = 50
READ = 500
AGES = [(0, 90), (91, 365), (366, 730), (731, None)]
"""Days since a card was sold, from and to."""
AGE_LABELS = ["Up to 90 days", "91 days to a year", "One to two years", "Over two years"]


@dataclass(frozen=True)
class Card:
    """Minor units. `account`: its name in the ledger; `used_on`: when it last paid."""

    account_id: int
    account: str
    sold_on: dt.date
    used_on: dt.date | None
    expires_on: dt.date | None
    put_on: int
    left: int

    @property
    def cursor(self) -> str:
        return f"{self.account_id}.{self.left}"


@dataclass(frozen=True)
class Outstanding:
    """`total`, `cards` and `ages` are of all, not only of these rows."""

    rows: list[Card]
    total: int = 0
    cards: int = 0
    ages: list[int] = field(default_factory=lambda: [0] * len(AGES))
    next: str = ""


def outstanding(on: dt.date, place: Location | None = None, after: str = "") -> Outstanding:
    """PAGE cards, those with the most first. `place`: where they were sold. One query."""
    found = _read(on, place, _place_of(after), PAGE + 1)
    if not found:
        return Outstanding([])
    cards = [_card(row) for row in found[:PAGE]]
    total, count, *ages = (int(each) for each in found[0][7:])
    more = cards[-1].cursor if len(found) > PAGE else ""
    return Outstanding(cards, total, count, ages, more)


def batches(on: dt.date, place: Location | None = None) -> Iterator[list[Card]]:
    """All of them, READ at a time. One query each."""
    after = None
    while found := [_card(row) for row in _read(on, place, after, READ)]:
        yield found
        if len(found) < READ:
            return
        after = found[-1].account_id, found[-1].left


def rolled(start: dt.date, end: dt.date, place: Location | None = None) -> dict[str, int]:
    """What became of the cards by Flow, and "opening"; above zero is more on cards.

    Four queries. `place`: of cards that were sold there.
    """
    at: dict[str, Any] = {"sold_at_id": place.pk} if place else {}
    kind = AccountKind.GIFT_CARD.value
    before = sums(end=start - dt.timedelta(days=1), by=("kind",), kind=kind, **at)
    moved = sums(start=start, end=end, by=("flow",), kind=kind, **at)
    opening = -sum(row["amount"] for row in before)
    return {"opening": opening} | {
        flow: -sum(row["amount"] for row in moved if row["flow"] == flow) for flow in Flow.values
    }


def _card(row: tuple[Any, ...]) -> Card:
    account_id, account, sold_on, used_on, expires_on, put_on, left = row[:7]
    return Card(account_id, account, sold_on, used_on, expires_on, int(put_on), int(left))


def _place_of(after: str) -> tuple[int, int] | None:
    account, left = map(whole_number, after.partition(".")[::2])
    return None if account is None or left is None else (account, left)


def _read(
    on: dt.date, place: Location | None, after: tuple[int, int] | None, limit: int
) -> list[tuple[Any, ...]]:
    account, left = after or (None, None)
    values = {
        "on": on,
        "place": place.pk if place else None,
        "currency": currency(),
        "account": account,
        "left": left,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{_QUERY} limit {int(limit)}", values)
        return cursor.fetchall()


_BY_AGE = ", ".join(
    f"""coalesce(sum(left_over) filter (where %(on)s::date - sold_on >= {start}
        {"" if end is None else f"and %(on)s::date - sold_on <= {end}"}) over (), 0)"""
    for start, end in AGES
)
_QUERY = f"""
    with cards as (
        select a.id, a.name, min(l.since) as sold_on,
               max(p.business_date) filter (where p.amount > 0) as used_on,
               max(l.expires_on) as expires_on,
               -coalesce(sum(p.amount) filter (where p.entry_id = l.opened_by_id), 0) as put_on,
               -sum(p.amount) as left_over
        from ledger_account a
        join ledger_posting p on p.account_id = a.id and p.version is not null
        join ledger_lot l on l.id = p.lot_id
        where a.kind = 'gift_card' and a.currency = %(currency)s and p.business_date <= %(on)s
          and (%(place)s::bigint is null or l.sold_at_id = %(place)s)
        group by a.id
        having sum(p.amount) <> 0
    ),
    listed as (
        select id, name, sold_on, used_on, expires_on, put_on, left_over,
               sum(left_over) over () as total, count(*) over () as cards, {_BY_AGE}
        from cards
    )
    select * from listed
    where %(account)s::bigint is null
       or left_over < %(left)s or left_over = %(left)s and id > %(account)s
    order by left_over desc, id"""  # nosec B608
