"""How old the balances are: what is left of clients' credit and of gift cards, by when it came in.

A lot's age is its origin's: what was moved, released or given back is as old as the money in it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ledger.kinds import AccountKind
from ledger.left_on import left_on
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

    `place`: of what it sold.
    """
    ends = [days for days, _ in BANDS if days is not None]
    values: dict[str, Any] = {
        "on": on,
        "currency": currency(),
        "place": place.pk if place else None,
        "youngest": [on - dt.timedelta(days=days) for days in ends],
    }
    with connection.cursor() as cursor:
        cursor.execute(_QUERY.format(known=left_on(on)), values)
        found = {(kind, band): int(left) for kind, band, left in cursor.fetchall()}
    return [
        Band(
            label,
            found.get((AccountKind.CLIENT_CREDIT, number), 0),
            found.get((AccountKind.GIFT_CARD, number), 0),
        )
        for number, (_, label) in enumerate(BANDS)
    ]


_QUERY = """
    select a.kind,
           (select count(*) from unnest(%(youngest)s::date[]) as day where l.since < day) as band,
           sum(known.amount)
    from ({known}) as known
    join ledger_lot l on l.id = known.lot_id
    join ledger_account a on a.id = l.account_id
    where a.currency = %(currency)s
      and (%(place)s::bigint is null or l.sold_at_id = %(place)s)
    group by 1, 2
"""
