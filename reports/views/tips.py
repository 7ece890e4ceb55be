"""Tips: per person, what they earned on some days, what they were paid, what they are owed."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from checkout.providers.paid_by import Days
from checkout.tip_payouts.days import Tipped, tipped
from ledger.kinds import AccountKind
from ledger.trial_balance import trial_balance
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.models import Location
from salon.money import minor, money
from salon.reporting.page import Figure, Page, form_for, show
from salon.reporting.periods import PeriodForm
from salon.reporting.registry import Tie
from salon.reporting.tables import Column, Kind, Line, Table

KEY = "tips"
NOTE = (
    "A tip is earned when its sale closes, whatever paid it, and owed until it is paid out. Below "
    "zero at the end: a tip was refunded after it was paid, and is kept back from the next ones. "
    "Tips of providers with a merchant account of their own are in Settle-up."
)
_COLUMNS = [
    Column("person", "Who", is_title=True),
    Column("opening", "Owed before", Kind.MONEY, is_extra=True),
    Column("earned", "Earned", Kind.MONEY),
    Column("refunded", "Refunded", Kind.MONEY, hide_zero=True),
    Column("paid", "Paid out", Kind.MONEY),
    Column("corrected", "Corrections", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("owed", "Owed at the end", Kind.MONEY, is_amount=True),
]
_FIGURES = [column.key for column in _COLUMNS[1:]]


@permission_required(permissions.PAY_TIPS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """Nine queries, besides those of the frame."""
    form: PeriodForm = form_for(request, PeriodForm)
    period = form.value
    found = tipped(Days(period.start, period.end, period.place))
    rows = [each for each in found if not each.is_empty]
    columns = [column for column in _COLUMNS if column.key != "corrected" or _sum(rows, column.key)]
    table = Table(
        columns,
        [_line(row) for row in rows],
        total=Line({"person": "Total"} | {key: money(_sum(rows, key)) for key in _FIGURES}),
        title="Person by person",
        empty="Nobody had a tip by these days.",
        note=NOTE,
    )
    return show(request, Page(KEY, form, [table], _figures(rows), "reports/tips.html"))


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    books = {row.kind: -minor(row.net) for row in trial_balance(on, by="kind", place=place).rows}
    owed = _sum(tipped(Days(on.replace(day=1), on, place)), "owed")
    return [Tie("Tips payable", owed, books.get(AccountKind.TIPS, 0))]


def _figures(rows: Sequence[Tipped]) -> list[Figure]:
    owes = -sum(min(row.owed, 0) for row in rows)
    return [
        Figure("Owed at the end", money(sum(max(row.owed, 0) for row in rows)), is_main=True),
        *([Figure("Owed to the salon", money(owes))] if owes else []),
        Figure("Earned", money(_sum(rows, "earned") + _sum(rows, "refunded"))),
        Figure("Paid out", money(-_sum(rows, "paid"))),
    ]


def _line(row: Tipped) -> Line:
    return Line(
        {"person": str(row.person)} | {key: money(getattr(row, key)) for key in _FIGURES},
        url=reverse("checkout:tips_of", args=[row.person.pk]),
    )


def _sum(rows: Sequence[Tipped], key: str) -> int:
    return sum(getattr(row, key) for row in rows)
