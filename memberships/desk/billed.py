"""What memberships billed and added on some days, plan by plan.

Sums of what was paid are of the sales of those days. Periods that nobody paid are counted by the
day on which they began, as they stand now. Amounts are minor units.
"""

import datetime as dt
import uuid as uuids
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Least
from djmoney.money import Money

from checkout.models import LineItem, RefundPart
from memberships import purposes
from memberships.enrolling.line import fee_uuid
from memberships.models import Enrolment, Period, Plan
from salon.models import Location
from salon.money import currency, minor

Status = Period.Status


@dataclass(frozen=True)
class Days:
    """Business dates, both in it. `place`: where the membership was sold; None: everywhere."""

    start: dt.date
    end: dt.date
    place: Location | None = None

    @property
    def both(self) -> tuple[dt.date, dt.date]:
        return self.start, self.end


@dataclass
class Billed:
    """`net` is `paid` and `earned` together; joining fees are among `earned`.

    `unpaid`, `let_go` and `skipped` count periods. `settled`: what of `paid` and `bonus` opened no
    lot, since it paid off what the member owed.
    """

    charged: int = 0
    net: int = 0
    tax: int = 0
    paid: int = 0
    bonus: int = 0
    earned: int = 0
    refunded: int = 0
    settled: int = 0
    unpaid: int = 0
    let_go: int = 0
    skipped: int = 0

    def add(self, **more: int) -> None:
        for name, value in more.items():
            setattr(self, name, getattr(self, name) + value)

    def __bool__(self) -> bool:
        return any(vars(self).values())


def billed(days: Days) -> list[tuple[Plan, Billed]]:
    """Plans with anything on these days, in their order. Seven queries at most."""
    plans: dict[int, Billed] = {}
    for row in _charged(days):
        _of(plans, row.pop("plan")).add(**_figures(row))
    fees = _fee_lines(days)
    for plan, amounts in fees:
        _of(plans, plan).add(**amounts)
    for plan, amount in _refunded(days):
        _of(plans, plan).add(refunded=amount)
    for row in _unpaid(days):
        _of(plans, row.pop("plan")).add(**row)
    found = Plan.objects.in_bulk([pk for pk in plans if pk])
    known = [(found[pk], figures) for pk, figures in plans.items() if pk and figures]
    return sorted(known, key=lambda each: (each[0].name, each[0].pk))


def all_of(rows: Iterable[Billed]) -> Billed:
    whole = Billed()
    for row in rows:
        whole.add(**vars(row))
    return whole


def earned_until(on: dt.date, place: Location | None = None) -> int:
    """What memberships earned to the end of a day, refunds apart; as the pages of all days say."""
    return all_of(figures for _, figures in billed(Days(dt.date.min, on, place))).earned


def _of(plans: dict[int, Billed], plan: int) -> Billed:
    return plans.setdefault(plan, Billed())


def _charged(days: Days) -> Iterable[dict[str, Any]]:
    """Paid periods by plan. What is above what it adds is earned, what it adds above is a bonus."""
    paid = Least("adds", F("line__amount"))
    rows: QuerySet = Period.objects.filter(
        status=Status.PAID, line__order__entry__business_date__range=days.both
    )
    if days.place:
        rows = rows.filter(line__order__entry__location=days.place)
    return rows.order_by().values("plan").annotate(
        charged=Count("pk"),
        net=Sum("line__amount"),
        line_tax=Sum("line__tax"),
        stored=Sum(paid),
        added=Sum("adds"),
        lots=Sum("paid_lot__amount"),
        bonus_lots=Sum("bonus_lot__amount"),
    )  # fmt: skip


def _figures(row: Mapping[str, Any]) -> dict[str, int]:
    net, tax, paid, added = (_cents(row[key]) for key in ("net", "line_tax", "stored", "added"))
    lots = (row["lots"] or 0) + (row["bonus_lots"] or 0)
    return {
        "charged": row["charged"],
        "net": net,
        "tax": tax,
        "paid": paid,
        "bonus": added - paid,
        "earned": net - paid,
        "settled": added - lots,
    }


def _fee_lines(days: Days) -> Iterable[tuple[int, dict[str, int]]]:
    """Joining fees by plan: all earned."""
    rows = LineItem.objects.filter(
        kind=purposes.FEE_LINE, order__entry__business_date__range=days.both
    )
    if days.place:
        rows = rows.filter(order__entry__location=days.place)
    found = list(rows.values_list("uuid", "amount", "tax"))
    plans = _plans_of_fees(rows.values("order")) if found else {}
    for uuid, amount, tax in found:
        net = _cents(amount)
        yield plans.get(uuid, 0), {"net": net, "tax": _cents(tax), "earned": net}


def _refunded(days: Days) -> Iterable[tuple[int, int]]:
    """What went back of these lines, with tax, by plan."""
    rows = RefundPart.objects.filter(
        refund__entry__business_date__range=days.both,
        allocation__line__kind__in=(purposes.LINE, purposes.FEE_LINE),
    )
    if days.place:
        rows = rows.filter(refund__entry__location=days.place)
    columns = ("uuid", "membership_period__plan")
    found = list(
        rows.order_by()
        .values_list(*(f"allocation__line__{name}" for name in columns))
        .annotate(Sum("amount"))
    )
    fees = any(plan is None for _, plan, _ in found)
    plans = _plans_of_fees(rows.values("allocation__line__order")) if fees else {}
    for uuid, plan, amount in found:
        yield plan or plans.get(uuid, 0), _cents(amount)


def _plans_of_fees(orders: QuerySet) -> dict[uuids.UUID, int]:
    """The plan by the uuid of a line with a joining fee, of these sales. One query."""
    rows = Enrolment.objects.filter(line__order__in=orders).values_list("uuid", "plan")
    return {fee_uuid(uuid): plan for uuid, plan in rows}


def _unpaid(days: Days) -> Iterable[dict[str, Any]]:
    rows: QuerySet = Period.objects.filter(starts_on__range=days.both)
    if days.place:
        rows = rows.filter(membership__location=days.place)
    return rows.order_by().values("plan").annotate(
        unpaid=Count("pk", filter=Q(status__in=Period.OWED)),
        let_go=Count("pk", filter=Q(status=Status.WAIVED)),
        skipped=Count("pk", filter=Q(status=Status.SKIPPED)),
    )  # fmt: skip


def _cents(amount: Any) -> int:
    return minor(Money(amount or 0, currency()))
