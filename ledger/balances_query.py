"""One query for what every client had and owed on a day: put together of the pieces of this module.

What somebody typed goes along as values. The rows have the columns of COLUMNS.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ledger.by_name import named
from ledger.kinds import Source
from ledger.left_on import left_on
from ledger.models import Entry
from salon.models import Location
from salon.money import currency

BALANCE, NAME = "balance", "name"
_ORDERS = {
    BALANCE: (
        "balance desc, client_id",
        "balance < %(at)s or balance = %(at)s and client_id > %(id)s",
    ),
    NAME: ("by_name, client_id", "(by_name, client_id) > (%(at)s, %(id)s)"),
}
FIGURES = ["stored", "held", "available", "owes", *(f"from_{each}" for each in Source.values)]


@dataclass(frozen=True)
class Asked:
    """`place`: only credit that was sold there, and nothing of what is owed. `words`: of a name."""

    on: dt.date
    place: Location | None = None
    words: str = ""
    sort: str = BALANCE


COLUMNS = ["client_id", "name", "by_name", "balance", *FIGURES, "clients"]
COLUMNS += [f"all_{name}" for name in FIGURES]
"""The figures of the client, and those of all clients that were asked for."""


def query_of(asked: Asked, after: str = "") -> tuple[str, dict[str, Any]]:
    """And its values. One query: whether anything is dated later."""
    values: dict[str, Any] = {"on": asked.on, "currency": currency()}
    if asked.place:
        values["place"] = asked.place.pk
    by_name, typed = named(asked.words)
    values |= typed
    order, past = _ORDERS[asked.sort]
    at = _place_of(after, asked.sort)
    if at:
        values["id"], values["at"] = at
    is_now = not Entry.objects.filter(business_date__gt=asked.on).exists()
    lots, owed = (_LOTS_NOW, _OWED_NOW) if is_now else (_LOTS_THEN, _OWED_THEN)
    lots = lots.format(known=left_on(asked.on))
    query = f"""
        with lots as ({lots}{" and l.sold_at_id = %(place)s" if asked.place else ""}
                      group by 1, 2, 3, 4),
        owed as ({owed}{" and false" if asked.place else ""} group by 1),
        stored as (
            select client_id, sum(amount) as stored,
                   coalesce(sum(amount) filter (where is_held), 0) as held,
                   coalesce(sum(amount) filter (where lasts and not is_held), 0) as available,
                   {_BY_SOURCE}
            from lots group by client_id
        ),
        figures as (
            select c.id as client_id, trim(c.first_name || ' ' || c.last_name) as name,
                   salon_search_text(trim(c.last_name || ' ' || c.first_name)) as by_name,
                   {_BOTH}
            from stored s full join owed o using (client_id)
            join clients_client c on c.id = client_id
            where (coalesce(s.stored, 0) <> 0 or coalesce(o.owes, 0) <> 0){by_name}
        ),
        listed as (
            select client_id, name, by_name, stored - owes as balance, {", ".join(FIGURES)},
                   count(*) over () as clients,
                   {", ".join(f"sum({each}) over () as all_{each}" for each in FIGURES)}
            from figures
        )
        select * from listed {f"where {past}" if at else ""} order by {order}
    """  # nosec B608
    return query, values


def _place_of(after: str, sort: str) -> tuple[int, int | str] | None:
    client, _, at = after.partition(".")
    if not (client.isascii() and client.isdigit() and len(client) < 19):
        return None
    if sort == NAME:
        return int(client), at.replace("\x00", "")
    sign, digits = ("-", at[1:]) if at.startswith("-") else ("", at)
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        return int(client), int(sign + digits)
    return None


_TERMS = """a.client_id, l.source, l.appointment_id is not null as is_held,
    l.expires_on is null or l.expires_on >= %(on)s as lasts"""
_LOTS_NOW = f"""select {_TERMS}, sum(l.remaining) as amount
    from ledger_lot l join ledger_account a on a.id = l.account_id
    where l.is_open and a.kind = 'client_credit' and a.currency = %(currency)s"""  # nosec B608
_LOTS_THEN = f"""select {_TERMS}, sum(known.amount) as amount
    from ({{known}}) as known join ledger_lot l on l.id = known.lot_id
    join ledger_account a on a.id = l.account_id
    where a.kind = 'client_credit' and a.currency = %(currency)s"""  # nosec B608
_OWED_NOW = """select a.client_id, sum(a.balance) as owes from ledger_account a
    where a.kind = 'receivable' and a.balance <> 0 and a.currency = %(currency)s"""
# Account by account, by their index: few owe, where a join would read every client's postings.
_OWED_THEN = """select a.client_id, sum(p.amount) as owes
    from ledger_account a cross join lateral (
        select sum(amount) as amount from ledger_posting
        where account_id = a.id and version is not null and business_date <= %(on)s
    ) as p
    where a.kind = 'receivable' and a.currency = %(currency)s"""
_BY_SOURCE = ", ".join(
    f"coalesce(sum(amount) filter (where source = '{each}'), 0) as from_{each}"
    for each in Source.values
)
_BOTH = ", ".join(
    [
        *(f"coalesce(s.{each}, 0) as {each}" for each in ("stored", "held", "available")),
        "coalesce(o.owes, 0) as owes",
        *(f"coalesce(s.from_{each}, 0) as from_{each}" for each in Source.values),
    ]
)
