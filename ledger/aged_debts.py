"""What clients owe at the end of a business date, and since when.

What was paid settles the oldest debt, whatever it was paid for. So what is still owed are the
newest debts that make up the balance. What was undone (a payment taken back, an entry reversed)
counts as though it had never been owed. Debts that came over in a merge keep their day.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from djmoney.money import Money

from ledger.kinds import EntryKind
from salon.models import Location
from salon.money import currency, money

BUCKETS = [(0, 30), (31, 60), (61, 90), (91, None)]
"""Days since the debt was made, from and to."""


def bucket_label(bucket: tuple[int, int | None]) -> str:
    start, end = bucket
    return f"Over {start - 1} days" if end is None else f"{start} to {end} days"


@dataclass(frozen=True)
class Debt:
    """One client's. Minor units; `buckets` in the order of BUCKETS."""

    client_id: int
    name: str
    phone: str
    email: str
    oldest: dt.date
    last_paid: dt.date | None
    buckets: list[int]

    @property
    def owes(self) -> int:
        return sum(self.buckets)


@dataclass(frozen=True)
class Debts:
    """The most first, `limit` at most; the sums are of all."""

    rows: list[Debt]
    clients: int = 0
    buckets: list[int] = field(default_factory=lambda: [0] * len(BUCKETS))

    @property
    def total(self) -> Money:
        return money(sum(self.buckets))


def debts(on: dt.date, place: Location | None = None, limit: int = 200) -> Debts:
    """`place`: only what was made to be owed there. One query."""
    query, values = _query(on, place)
    with connection.cursor() as cursor:
        cursor.execute(f"{query} limit {int(limit)}", values)
        found = cursor.fetchall()
    if not found:
        return Debts([])
    clients, *buckets = found[0][-1 - len(BUCKETS) :]
    return Debts([_debt(row) for row in found], clients, [int(each) for each in buckets])


def all_debts(on: dt.date, place: Location | None = None) -> Iterator[Debt]:
    """All of them, read as they are asked for."""
    query, values = _query(on, place)
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while found := cursor.fetchmany(500):
            yield from map(_debt, found)


def _debt(row: tuple[Any, ...]) -> Debt:
    client_id, name, phone, email, oldest, last_paid, *rest = row
    buckets = [int(each) for each in rest[: len(BUCKETS)]]
    return Debt(client_id, name, phone, email, oldest, last_paid, buckets)


def _query(on: dt.date, place: Location | None) -> tuple[str, dict[str, Any]]:
    names = [f"bucket{n}" for n in range(len(BUCKETS))]
    sums = ", ".join(f"sum({each}) over ()" for each in names)
    query = f"""
        with {_ORIGINS}, {_UNPAID},
        aged as (
            select client_id, min(made_on) as oldest, {_BY_AGE} from unpaid
            where unpaid > 0 {"and location_id = %(place)s" if place else ""} group by client_id
        )
        select c.id, trim(c.first_name || ' ' || c.last_name), c.phone, c.email, aged.oldest,
               (select max(made_on) from origins o where o.client_id = c.id and o.net < 0),
               {", ".join(names)}, count(*) over (), {sums}
        from aged join clients_client c on c.id = aged.client_id
        order by {" + ".join(names)} desc, c.id
    """  # nosec B608 - pieces of this module
    values = {"on": on, "currency": currency()}
    return query, values | ({"place": place.pk} if place else {})


# A posting and its reversal are one origin. Whoever was merged into another by then is that one.
_ORIGINS = """
    merged as (
        select c.id as gone, c.merged_into_id as kept from clients_client c
        where c.merged_into_id is not null and exists (
            select from ledger_entry e where e.cause_kind = 'merge'
              and e.cause_id = c.id::text and e.business_date <= %(on)s)
    ),
    origins as (
        select coalesce(m.kept, a.client_id) as client_id,
               coalesce(e.reverses_id, e.id) as id,
               min(e.business_date) as made_on,
               min(e.location_id) as location_id,
               sum(p.amount) as net
        from ledger_account a
        join ledger_posting p on p.account_id = a.id and p.version is not null
        join ledger_entry e on e.id = p.entry_id
        left join merged m on m.gone = a.client_id
        where a.kind = 'receivable' and a.currency = %(currency)s and p.business_date <= %(on)s
        group by 1, 2
        having sum(p.amount) <> 0
    )"""
# From the newest debt back, until they make up what is owed.
_UNPAID = """
    owed as (select client_id, sum(net) as owes from origins group by client_id),
    unpaid as (
        select client_id, made_on, location_id,
               least(net, owes - (sum(net) over newest_first - net)) as unpaid
        from origins join owed using (client_id)
        where net > 0
        window newest_first as (partition by client_id order by made_on desc, id desc
                                rows unbounded preceding)
    )"""
_BY_AGE = ", ".join(
    f"""coalesce(sum(unpaid) filter (where %(on)s::date - made_on >= {start}
        {"" if end is None else f"and %(on)s::date - made_on <= {end}"}), 0) as bucket{n}"""
    for n, (start, end) in enumerate(BUCKETS)
)


WAYS: dict[str, str] = {
    EntryKind.OPENING: "Brought over",
    EntryKind.TENDER: "Owed new, past the balance at checkout",
    EntryKind.SALE: "Settled with money that came in",
    EntryKind.ADJUSTMENT: "Forgiven with a gift",
    EntryKind.REFUND: "Lowered by refunds",
    EntryKind.LOT_CHANGE: "Settled with credit that was set free",
    EntryKind.MERGE: "Settled when clients were merged",
}
"""What moves what is owed, by the kind of entry; what undoes an entry counts with it."""
OTHER = "Other"


@dataclass(frozen=True)
class Movement:
    """Minor units; `ways` by label, above zero where more came to be owed."""

    opening: int
    ways: dict[str, int]

    @property
    def closing(self) -> int:
        return self.opening + sum(self.ways.values())


def movement(start: dt.date, end: dt.date) -> Movement:
    """What became of what is owed from one business date to another. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"start": start, "end": end, "currency": currency()})
        found = {kind: int(amount) for kind, amount in cursor.fetchall()}
    ways = {label: found.pop(kind, 0) for kind, label in WAYS.items()}
    opening = found.pop("", 0)
    return Movement(opening, {**ways, OTHER: sum(found.values())})


_MOVED = """
    select case when p.business_date < %(start)s then '' else coalesce(r.kind, e.kind) end,
           sum(p.amount)
    from ledger_account a
    join ledger_posting p on p.account_id = a.id and p.version is not null
    join ledger_entry e on e.id = p.entry_id
    left join ledger_entry r on r.id = e.reverses_id
    where a.kind = 'receivable' and a.currency = %(currency)s and p.business_date <= %(end)s
    group by 1
"""
