"""The charges that were made, as their member reads them."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from dataclasses import dataclass

from djmoney.money import Money

from memberships.enrolling.words import days_said
from memberships.models import Membership, Period

SHOWN = 12
"""Charges on the page, the newest first."""


@dataclass(frozen=True)
class OwnCharge:
    """One charge that was made: "Nov 22 to Dec 21, 2026". `receipt`: the sale's uuid, if theirs."""

    days: str
    on: dt.date
    amount: Money
    adds: Money
    receipt: uuids.UUID | None


def charges_of(membership: Membership) -> list[OwnCharge]:
    """What was paid, the newest first. One query."""
    rows = membership.periods.filter(status=Period.Status.PAID)
    paid = rows.select_related("order", "line").order_by("-number", "-step")
    return [_charge(period, membership.client.survivor.pk) for period in paid[:SHOWN]]


def _charge(period: Period, client: int) -> OwnCharge:
    order, line = period.order, period.line
    assert order is not None and period.paid_at is not None  # nosec B101 - the database says so
    return OwnCharge(
        days=days_said(period.starts_on, period.until_on),
        on=order.business_date,
        amount=line.total if line else period.price,
        adds=period.adds,
        receipt=order.uuid if order.client_id == client else None,
    )
