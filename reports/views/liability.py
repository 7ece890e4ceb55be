"""Client account liability: what the salon owes its clients, and how it came to that."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from ledger.ageing import ageing
from ledger.kinds import AccountKind
from ledger.liability import liability
from ledger.liability_history import Point, history
from ledger.models import Seal
from ledger.roll_forward import Group, RollForward
from ledger.trial_balance import stored_on, trial_balance
from ledger.wallet import bar_of
from reports.liability_tables import aged, by_holder, by_location, by_source
from reports.liability_words import Statement, sealed_said
from salon import permissions
from salon.access import permission_required
from salon.drawing import drawn
from salon.http import DeskRequest
from salon.models import Location
from salon.money import minor, money
from salon.reporting.page import Figure, Page, form_for, show
from salon.reporting.periods import Period, PeriodForm
from salon.reporting.registry import Tie

KEY = "liability"
CREDIT, CARDS = AccountKind.CLIENT_CREDIT, AccountKind.GIFT_CARD


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """`?period=`, `?start=&end=`, `?location=`. Seven queries."""
    form: PeriodForm = form_for(request, PeriodForm)
    period = form.value
    found = liability(start=period.start, end=period.end, place=period.place)
    credit, cards = found.credit, found.cards
    bands = ageing(period.end, period.place)
    figures = [
        Figure("Owed to clients", money(credit.closing), is_main=True),
        Figure("Free to spend", money(credit.free)),
        Figure("Held for visits", money(credit.held)),
        Figure("On gift cards, besides", money(cards.closing)),
    ]
    is_parted = period.place is None and len(request.locations) > 1
    statements = [Statement(CREDIT, credit, period), Statement(CARDS, cards, period)]
    tables = [
        statements[0].table("statement", "Client credit"),
        by_source(credit, period),
        by_holder(credit, period),
        *([by_location(credit, period, request.locations)] if is_parted else []),
        statements[1].table("gift-cards", "Gift cards"),
        aged(bands),
    ]
    parts = {
        "statements": {"statement": statements[0].lines, "cards": statements[1].lines},
        "bar": bar_of({g.key: g.closing for g in credit.by_source() if g.closing > 0}),  # type: ignore[misc]
        "chart": _drawing(history(period.end, period.place)),
        "closing": money(credit.closing),
        "sealed": _sealed(period, request),
    }
    return show(request, Page(KEY, form, tables, figures, "reports/liability.html", parts))


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    """The closing figures and each way of parting them, as of a day."""
    if place is None:
        books = {row.kind: -minor(row.net) for row in trial_balance(on, by="kind").rows}
        owed, cards_owed = books.get(CREDIT, 0), books.get(CARDS, 0)
    else:
        owed, cards_owed = (stored_on(on, place=place, kind=kind) for kind in (CREDIT, CARDS))
    found = liability(start=on, end=on, place=place)
    bands = ageing(on, place)
    by_place = [] if place else [Tie("By location", _sum(found.credit.by_location()), owed)]
    return [
        Tie("Client credit", found.credit.closing, owed),
        Tie("Client credit, rolled forward", _rolled(found.credit), owed),
        Tie("By source", _sum(found.credit.by_source()), owed),
        Tie("By merchant account", _sum(found.credit.by_holder()), owed),
        *by_place,
        Tie("By age", sum(band.credit for band in bands), owed),
        Tie("Gift cards", found.cards.closing, cards_owed),
        Tie("Gift cards, rolled forward", _rolled(found.cards), cards_owed),
        Tie("Gift cards by age", sum(band.cards for band in bands), cards_owed),
    ]


def _rolled(roll: RollForward) -> int:
    moved = sum(step.amount for step in roll.steps)
    return roll.opening + moved + roll.transferred_in + roll.transferred_out


def _sum(groups: Sequence[Group]) -> int:
    return sum(group.closing for group in groups)


def _drawing(points: Sequence[Point]) -> dict[str, Any] | None:
    if not any(point.owed for point in points):
        return None
    plot = drawn([max(point.owed, 0) for point in points], 10_000)
    return {
        "plot": plot,
        "ticks": [(f"{money(tick.value).amount:,.0f}", tick.y) for tick in plot.ticks],
        "marks": [f"{point.day:%b}" for point in points],
    }


def _sealed(period: Period, request: DeskRequest) -> str:
    """One query where the period is over; none else."""
    today = request.desk.business_date
    if period.end >= today:
        return ""
    latest = Seal.objects.order_by().values_list("location").annotate(Max("business_date"))
    places = [period.place] if period.place else list(request.locations)
    return sealed_said(period.end, today, places, dict(latest))
