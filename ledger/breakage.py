"""What became income without being spent: deposits kept under the policy, credit that expired."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ledger.kinds import AccountKind
from ledger.models import Entry
from salon.models import Location
from salon.money import currency

PAGE = 50
READ = 500


@dataclass(frozen=True)
class Forfeit:
    """Minor units. `account`: whose income it is, `forfeited/` being the house's."""

    entry: Entry
    account: str
    client_id: int | None
    client: str
    amount: int

    @property
    def is_house(self) -> bool:
        return self.account.partition("/")[0] == AccountKind.FORFEITED


@dataclass(frozen=True)
class Expired:
    """What expired in a month, of one kind of account and source. Minor units."""

    month: dt.date
    kind: str
    source: str
    amount: int


@dataclass(frozen=True)
class Asked:
    """Business dates, both in it. `place`: where it was booked."""

    start: dt.date
    end: dt.date
    place: Location | None = None

    @property
    def values(self) -> dict[str, Any]:
        at = self.place.pk if self.place else None
        return {"start": self.start, "end": self.end, "place": at, "currency": currency()}


def page_of(asked: Asked, before: int | None = None) -> tuple[list[Forfeit], int | None]:
    """PAGE rows or so, and the entry below which the next page starts. Two queries."""
    return _whole_entries(_forfeits(asked, before, PAGE + 1), PAGE + 1)


def batches(asked: Asked) -> Iterator[list[Forfeit]]:
    """All of them, READ or so at a time. Two queries each."""
    before, more = None, True
    while more:
        rows, before = _whole_entries(_forfeits(asked, before, READ), READ)
        more = before is not None
        yield rows


def _whole_entries(found: list[Forfeit], limit: int) -> tuple[list[Forfeit], int | None]:
    """What an entry gave to several stays together: the last one, which may be cut, comes next."""
    if len(found) < limit:
        return found, None
    last = found[-1].entry.pk
    whole = [each for each in found if each.entry.pk != last]
    return (whole, whole[-1].entry.pk) if whole else (found, last)


def _forfeits(asked: Asked, before: int | None, limit: int) -> list[Forfeit]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_FORFEITS} limit {int(limit)}", asked.values | {"before": before})
        found = cursor.fetchall()
    entries = Entry.objects.select_related("location", "staff").in_bulk({row[0] for row in found})
    return [Forfeit(entries[entry_id], *rest) for entry_id, *rest in found]


def forfeited(asked: Asked) -> tuple[int, int]:
    """In all, minor units: what the house kept, and what providers did. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FORFEITED, asked.values)
        house, providers = cursor.fetchone()
    return int(house), int(providers)


def expired(asked: Asked) -> list[Expired]:
    """By month, kind and source, in that order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRED, asked.values)
        return [
            Expired(month, kind, source, int(amount))
            for month, kind, source, amount in cursor.fetchall()
        ]


def forfeited_by_month(asked: Asked) -> dict[dt.date, int]:
    """What the house kept, by the first of the month. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH, asked.values)
        return {month: int(amount) for month, amount in cursor.fetchall()}


# Of the accounts that forfeits go to, by the index of the house's postings: the house's, and those
# of providers whose merchant account has the cash.
_FROM = """
    from ledger_account a
    join ledger_posting p on p.account_id = a.id and p.version is null
        and p.business_date between %(start)s and %(end)s
    join ledger_entry e on e.id = p.entry_id
    left join ledger_entry r on r.id = e.reverses_id
    where a.currency = %(currency)s
      and (a.kind = 'forfeited'
           or a.kind = 'provider' and coalesce(r.kind, e.kind) = 'forfeit')
      and (%(place)s::bigint is null or e.location_id = %(place)s)"""
_FORFEITS = f"""
    select e.id, a.name, c.id, coalesce(trim(c.first_name || ' ' || c.last_name), ''),
           (-p.amount)::bigint
    from (select e.id, p.account_id, sum(p.amount) as amount {_FROM}
            and (%(before)s::bigint is null or e.id < %(before)s)
          group by e.id, p.account_id) p
    join ledger_entry e on e.id = p.id
    join ledger_account a on a.id = p.account_id
    left join clients_client c on c.id = (
        select min(whose.client_id) from ledger_posting held
        join ledger_account whose on whose.id = held.account_id
        where held.entry_id = e.id and whose.client_id is not null)
    where p.amount <> 0
    order by e.id desc, a.name"""  # nosec B608
_FORFEITED = f"""
    select coalesce(-sum(p.amount) filter (where a.kind = 'forfeited'), 0),
           coalesce(-sum(p.amount) filter (where a.kind <> 'forfeited'), 0)
    {_FROM}"""  # nosec B608
_BY_MONTH = f"""
    select date_trunc('month', p.business_date)::date, -sum(p.amount)
    {_FROM} and a.kind = 'forfeited' group by 1"""  # nosec B608
# What expired is named by the lots in the entries that the breakage account is on.
_EXPIRED = """
    select date_trunc('month', e.business_date)::date, of.kind, lot.source, sum(p.amount)
    from (select distinct b.entry_id from ledger_account a
          join ledger_posting b on b.account_id = a.id and b.version is null
              and b.business_date between %(start)s and %(end)s
          where a.kind = 'breakage' and a.currency = %(currency)s) broken
    join ledger_entry e on e.id = broken.entry_id
    join ledger_posting p on p.entry_id = e.id and p.lot_id is not null
    join ledger_lot lot on lot.id = p.lot_id
    join ledger_account of on of.id = p.account_id
    where %(place)s::bigint is null or e.location_id = %(place)s
    group by 1, 2, 3
    having sum(p.amount) <> 0
    order by 1, 2, 3"""
