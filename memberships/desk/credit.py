"""What stands in lots of memberships, and what moved it on some days. Minor units."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ledger.kinds import AccountKind, Flow, Source
from ledger.sums import sums, total
from memberships.desk.billed import Days


@dataclass(frozen=True)
class Credit:
    """What stood in lots of memberships, and what moved it. What leaves is below zero."""

    opening: int
    paid: int
    bonus: int
    used: int
    lapsed: int
    refunded: int
    other: int
    """Corrections and forfeitures; what moved between lots comes to nothing."""

    @property
    def closing(self) -> int:
        return sum(vars(self).values())


def credit(days: Days) -> Credit:
    """Four queries."""
    mine: dict[str, Any] = {"kind": AccountKind.CLIENT_CREDIT, "source": Source.MEMBERSHIP}
    if days.place:
        mine["sold_at_id"] = days.place.pk
    flows: dict[tuple[str, bool], int] = {}
    for row in sums(start=days.start, end=days.end, by=["flow", "is_paid"], **mine):
        flows[row["flow"], row["is_paid"]] = -row["amount"]
    by_flow = {flow: flows.get((flow, True), 0) + flows.get((flow, False), 0) for flow in Flow}
    named = (Flow.MEMBERSHIP, Flow.USED, Flow.EXPIRED, Flow.REFUNDED_OUT)
    return Credit(
        opening=-total(end=days.start - dt.timedelta(days=1), **mine),
        paid=flows.get((Flow.MEMBERSHIP, True), 0),
        bonus=flows.get((Flow.MEMBERSHIP, False), 0),
        used=by_flow[Flow.USED],
        lapsed=by_flow[Flow.EXPIRED],
        refunded=by_flow[Flow.REFUNDED_OUT],
        other=sum(by_flow.values()) - sum(by_flow[flow] for flow in named),
    )
