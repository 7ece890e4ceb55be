"""The lines that sell a membership: one for the period, one for the joining fee.

A line that sells a period has the uuid of what it sells: of the period, or of the enrolment whose
first period it is. That is how it is found again when its sale closes.
"""

import uuid as uuids
from collections.abc import Iterable

from djmoney.money import Money

from checkout.models import LineItem
from checkout.repricing import price_alone
from memberships import purposes
from memberships.enrolling.words import day_said, days_said
from memberships.models import Enrolment, Period
from salon.money import money

_FEE = uuids.UUID("0b7a2f5e-8f0c-4d6a-9a53-6f6f1c1d7b11")


def period_line(period: Period) -> LineItem:
    """The line that sells a period, not saved yet; its order is the caller's to name."""
    days = days_said(period.starts_on, period.until_on)
    what = f"difference for {days}" if period.step else days
    return LineItem(
        uuid=period.uuid,
        kind=purposes.LINE,
        description=f"{period.plan.name}, {what}",
        beneficiary=period.membership.client.survivor,
        unit_price=period.price,
        tax_rate=period.tax_rate,
    )


def enrolment_lines(enrolment: Enrolment) -> list[LineItem]:
    """The lines that sell an enrolment, not saved yet: the first period (or the trial, at $0.00),
    then the joining fee where there is one."""
    price = money(0) if enrolment.has_trial else enrolment.first_price
    days = days_said(enrolment.first_from, enrolment.first_until)
    what = f"trial until {day_said(enrolment.first_from)}" if enrolment.has_trial else days
    lines = [
        LineItem(
            uuid=enrolment.uuid,
            kind=purposes.LINE,
            description=f"{enrolment.plan.name}, {what}",
            beneficiary=enrolment.client.survivor,
            unit_price=price,
            tax_rate=enrolment.tax_rate,
        )
    ]
    if enrolment.joining_fee:
        lines.append(
            LineItem(
                uuid=fee_uuid(enrolment.uuid),
                kind=purposes.FEE_LINE,
                description=f"{enrolment.plan.name}, joining fee",
                unit_price=enrolment.joining_fee,
                tax_rate=enrolment.tax_rate,
            )
        )
    return lines


def fee_uuid(enrolment: uuids.UUID) -> uuids.UUID:
    """The uuid of the line with an enrolment's joining fee."""
    return uuids.uuid5(_FEE, str(enrolment))


def total_of(lines: Iterable[LineItem]) -> Money:
    """What these lines come to with tax, before they are saved. One query for each rate's parts."""
    return sum((price_alone(line, line.tax_rate).total for line in lines), money(0))


def register_lines() -> None:
    """Called once, when the program starts."""
    from memberships.enrolling import line_kinds

    line_kinds.register_line_kinds()
