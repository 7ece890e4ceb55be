"""Settle-up: per provider, what they earned, what they were paid, what is owed either way."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from checkout.providers.paid_by import Days
from checkout.providers.settled import Settled, settled
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

KEY = "settle-up"
NOTE = (
    "Account credit and gift cards become payable to who earns them when they are redeemed. "
    "Below zero at the end: the provider owes the salon, and it is kept back from what they earn "
    "next."
)
HOLDS = (
    " What they hold for clients was handed on to them before anybody earned it: they owe it to "
    "nobody yet."
)
FEES = " Card fees are the salon’s own cost, and part of no sum here."

_ALWAYS = ("opening", "redeemed", "by_card", "transferred", "by_hand", "owed")
_COLUMNS = [
    Column("provider", "Provider", is_title=True),
    Column("opening", "Owed before", Kind.MONEY, is_extra=True),
    Column("redeemed", "Credit redeemed", Kind.MONEY),
    Column("by_card", "Paid by card", Kind.MONEY),
    Column("otherwise", "Paid otherwise", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("deposits", "From deposits they hold", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("refunds", "Refunds", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("forfeited", "Forfeited to them", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("disputed", "Lost disputes", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("transferred", "Transferred", Kind.MONEY, is_extra=True),
    Column("by_hand", "Paid by hand", Kind.MONEY, is_extra=True),
    Column("taken_back", "Taken back", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("corrected", "Corrections", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("held", "Held for clients", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("fees", "Card fees", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("owed", "Owed at the end", Kind.MONEY, is_amount=True),
]
_FIGURES = [column.key for column in _COLUMNS[1:]]


@permission_required(permissions.PAY_PROVIDERS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """Twelve queries, besides those of the frame."""
    form: PeriodForm = form_for(request, PeriodForm)
    period = form.value
    found = settled(Days(period.start, period.end, period.place))
    rows = [row for row in found if not (row.account.is_archived and row.is_empty)]
    met = [key for key in _FIGURES if key in _ALWAYS or any(getattr(row, key) for row in rows)]
    table = Table(
        [column for column in _COLUMNS if column.key == "provider" or column.key in met],
        [_line(row, period.end) for row in rows],
        total=Line({"provider": "Total"} | {key: money(_sum(rows, key)) for key in _FIGURES}),
        title="Provider by provider",
        empty="Nobody has a merchant account of their own. Add one under Settings and catalog, and "
        "name it on the staff member: what they earn from then on is listed here.",
        note=NOTE + HOLDS * ("held" in met) + FEES * ("fees" in met),
    )
    return show(request, Page(KEY, form, [table], _figures(rows), "reports/settle_up.html"))


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    books = {row.kind: -minor(row.net) for row in trial_balance(on, by="kind", place=place).rows}
    closing = sum(row.closing for row in settled(Days(on.replace(day=1), on, place)))
    return [Tie("Payable to providers", closing, books.get(AccountKind.PROVIDER, 0))]


def _figures(rows: Sequence[Settled]) -> list[Figure]:
    owes = -sum(min(row.owed, 0) for row in rows)
    return [
        Figure("Owed to providers", money(sum(max(row.owed, 0) for row in rows)), is_main=True),
        *([Figure("Owed by providers", money(owes))] if owes else []),
        Figure("Credit redeemed", money(_sum(rows, "redeemed"))),
        Figure("Paid to them", money(-_sum(rows, "transferred") - _sum(rows, "by_hand"))),
    ]


def _line(row: Settled, end: dt.date) -> Line:
    statement = reverse("checkout:provider_statement", args=[row.account.pk])
    people = [str(person) for person in row.account.staffmember_set.all()]
    return Line(
        {"provider": row.account.name} | {key: money(getattr(row, key)) for key in _FIGURES},
        url=reverse("checkout:provider", args=[row.account.pk]),
        note=", ".join(person for person in people if person != row.account.name),
        links={"owed": f"{statement}?month={end:%Y-%m}"},
    )


def _sum(rows: Sequence[Settled], key: str) -> int:
    return sum(getattr(row, key) for row in rows)
