"""How old the balances are: what is left of clients' credit and of gift cards, by when it came in.

A lot's age is its origin's: what was moved, released or given back is as old as the money in it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ledger.kinds import AccountKind
from salon.models import Location
from salon.money import currency

BANDS = [
    (30, "Up to 30 days"),
    (90, "31 to 90 days"),
    (180, "91 to 180 days"),
    (365, "181 to 365 days"),
    (None, "Over a year"),
]
"""The last day of each band, and what it is called."""


@dataclass(frozen=True)
class Band:
    """Minor units of what is owed."""

    label: str
    credit: int
    cards: int


def ageing(on: dt.date, place: Location | None = None) -> list[Band]:
    """What was left as of the end of that business date, in five bands. One query.

    `place`: of what it sold. Read back from what is left now: the more was posted since that day,
    the longer it takes.
    """
    ends = [days for days, _ in BANDS if days is not None]
    values: dict[str, Any] = {
        "on": on,
        "currency": currency(),
        "place": place.pk if place else None,
        "youngest": [on - dt.timedelta(days=days) for days in ends],
    }
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, values)
        found = {(kind, band): int(left) for kind, band, left in cursor.fetchall()}
    return [
        Band(
            label,
            found.get((AccountKind.CLIENT_CREDIT, number), 0),
            found.get((AccountKind.GIFT_CARD, number), 0),
        )
        for number, (_, label) in enumerate(BANDS)
    ]


# What is left today, and what was taken since that day put back: then a lot opened since has
# nothing. A small index finds the entries since.
_QUERY = """
    select a.kind,
           (select count(*) from unnest(%(youngest)s::date[]) as day where l.since < day) as band,
           sum(known.amount)
    from (
        select id as lot_id, remaining as amount from ledger_lot where is_open
        union all
        select p.lot_id, p.amount from ledger_entry e join ledger_posting p on p.entry_id = e.id
        where e.business_date > %(on)s and p.lot_id is not null
    ) as known
    join ledger_lot l on l.id = known.lot_id
    join ledger_account a on a.id = l.account_id
    where a.currency = %(currency)s
      and (%(place)s::bigint is null or l.sold_at_id = %(place)s)
    group by 1, 2
"""
