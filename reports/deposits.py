"""Money held for visits: what it was, what moved it, what it is. Of ledger rows alone.

Held is what stands in lots that are set aside for a visit. `place` is where the money was taken
first, as in all figures of what is owed to clients. Minor units throughout.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ledger.kinds import AccountKind, Flow
from ledger.sums import sums, total
from salon.money import currency
from salon.reporting.periods import Period

_TAKEN = (Flow.SOLD, Flow.DEPOSIT, Flow.MEMBERSHIP, Flow.GOODWILL, Flow.IMPORTED, Flow.REFUNDED_IN)


@dataclass(frozen=True)
class RollForward:
    """What leaves is below zero, but for what an act of the same kind brought back."""

    opening: int
    taken: int
    set_aside: int
    """From the balance of a client, for a visit."""
    applied: int
    moved_out: int
    moved_in: int
    """To another visit, or with a visit to another client: as much as moved out."""
    kept: int
    refunded: int
    forfeited: int
    expired: int
    corrected: int

    @property
    def closing(self) -> int:
        return sum(vars(self).values())


@dataclass(frozen=True)
class Use:
    """What one entry took from what was held for one visit; below zero: what it gave back.

    `is_new`: that money was first taken in the period itself.
    """

    on: dt.date
    entry_id: int
    visit_id: int
    client_id: int
    is_new: bool
    amount: int


def roll_forward(period: Period) -> RollForward:
    """How what was held at the beginning became what is held at the end. Five queries."""
    held = _held(period)
    rows = sums(start=period.start, end=period.end, by=["flow"], **held)
    flows = {row["flow"]: -row["amount"] for row in rows}
    moved = _moved(period)
    return RollForward(
        opening=-total(end=period.before, **held),
        taken=sum(flows.get(flow, 0) for flow in _TAKEN),
        set_aside=moved.get("set_aside", 0),
        applied=flows.get(Flow.USED, 0),
        moved_out=moved.get("out", 0),
        moved_in=moved.get("in", 0),
        kept=moved.get("kept", 0),
        refunded=flows.get(Flow.REFUNDED_OUT, 0),
        forfeited=flows.get(Flow.FORFEITED, 0),
        expired=flows.get(Flow.EXPIRED, 0),
        corrected=flows.get(Flow.CORRECTED, 0),
    )


def held_by_day(period: Period, opening: int) -> list[int]:
    """What was held at the end of each day, from the one before on. Two queries."""
    held = _held(period)
    rows = sums(start=period.start, end=period.end, by=["business_date"], **held)
    moved = {row["business_date"]: -row["amount"] for row in rows}
    days = (period.end - period.start).days + 1
    values = [opening]
    for day in range(days):
        values.append(values[-1] + moved.get(period.start + dt.timedelta(day), 0))
    return values


def uses(period: Period, flow: Flow) -> list[Use]:
    """What was applied (Flow.USED) or forfeited on these days, the newest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_USES, {**_values(period), "flow": flow.value})
        return [Use(*row) for row in cursor.fetchall()]


def _held(period: Period) -> dict[str, Any]:
    held: dict[str, Any] = {"kind": AccountKind.CLIENT_CREDIT, "is_held": True}
    if period.place:
        held["sold_at_id"] = period.place.pk
    return held


def _moved(period: Period) -> Mapping[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, _values(period))
        return {how: int(amount) for how, amount in cursor.fetchall()}


def _values(period: Period) -> dict[str, Any]:
    place = period.place.pk if period.place else None
    return {"start": period.start, "end": period.end, "place": place, "currency": currency()}


# Entries are found by their day; what they moved, by their number.
#
# What is taken from one held lot opens a child of it in the same entry: held for another visit, or
# free. A reversal mirrors the entry that it reverses, hence `of`.
_MOVED = """
select how, sum(-amount) from (
    select case
               when l.opened_by_id = of.id then
                   case when parent.appointment_id is null then 'set_aside' else 'in' end
               when exists (select from ledger_lot child
                            where child.parent_id = l.id and child.opened_by_id = of.id
                              and child.appointment_id is not null) then 'out'
               else 'kept' end as how,
           p.amount
    from ledger_entry e
    join ledger_entry of on of.id = coalesce(e.reverses_id, e.id)
        and of.kind in ('lot_change', 'merge')
    join ledger_posting p on p.entry_id = e.id
    join ledger_lot l on l.id = p.lot_id and l.appointment_id is not null
    join ledger_account a on a.id = p.account_id
        and a.kind = 'client_credit' and a.currency = %(currency)s
    left join ledger_lot parent on parent.id = l.parent_id
    where e.business_date between %(start)s and %(end)s
      and e.kind in ('lot_change', 'merge', 'reversal')
      and (%(place)s::bigint is null or l.sold_at_id = %(place)s)
) as moved
group by how
"""

_USES = """
select m.business_date, m.entry_id, l.appointment_id, a.client_id, l.since >= %(start)s,
       sum(m.amount)::bigint
from ledger_entry e
join ledger_movement m on m.entry_id = e.id and m.kind = 'client_credit'
    and m.currency = %(currency)s and m.flow = %(flow)s and m.is_held
join ledger_posting p on p.entry_id = m.entry_id and p.line = m.line
join ledger_lot l on l.id = p.lot_id
join ledger_account a on a.id = p.account_id
where e.business_date between %(start)s and %(end)s
  and (%(place)s::bigint is null or l.sold_at_id = %(place)s)
group by 1, 2, 3, 4, 5
order by 1 desc, 2 desc, 3, 5
"""
