"""Memberships: what was billed and added plan by plan, and what became of that credit."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import Sum
from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from ledger.kinds import EntryKind, Source
from ledger.models import Posting
from ledger.trial_balance import stored_on
from memberships.desk.billed import Billed, Days, all_of, billed, earned_until
from memberships.desk.credit import Credit, credit
from memberships.enrolling.line_kinds import INCOME
from memberships.models import Plan
from salon import permissions, rail, said
from salon.access import permission_required
from salon.http import DeskRequest
from salon.models import Location
from salon.money import currency, money
from salon.reporting import registry
from salon.reporting.page import Figure, Page, form_for, show
from salon.reporting.periods import PeriodForm
from salon.reporting.registry import MONEY, Report, Tie
from salon.reporting.tables import Column, Kind, Line, Table, Value

KEY = "memberships"
_PLANS = [
    Column("plan", "Plan", is_title=True),
    Column("charged", "Periods paid", Kind.COUNT),
    Column("net", "Billed", Kind.MONEY, is_amount=True),
    Column("tax", "Tax", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("paid", "Paid credit", Kind.MONEY),
    Column("bonus", "Bonus", Kind.MONEY),
    Column("earned", "Earned", Kind.MONEY),
    Column("refunded", "Refunded", Kind.MONEY, hide_zero=True, is_extra=True),
    Column("unpaid", "Unpaid", Kind.COUNT, hide_zero=True, is_extra=True),
    Column("let_go", "Let go", Kind.COUNT, hide_zero=True, is_extra=True),
    Column("skipped", "Skipped", Kind.COUNT, hide_zero=True, is_extra=True),
]
_AMOUNTS = {column.key for column in _PLANS if column.kind == Kind.MONEY}
_STEPS = [
    ("opening", "At the beginning"),
    ("paid", "Added, paid for"),
    ("bonus", "Added as a bonus"),
    ("used", "Used"),
    ("lapsed", "Expired, or lost when a membership ended"),
    ("refunded", "Refunded"),
    ("other", "Corrections and forfeited deposits"),
]
_CREDIT = [
    Column("what", "What", is_title=True),
    Column("amount", "Amount", Kind.MONEY, is_amount=True),
]
NOTE = (
    "Billed is without tax: what it adds to balances, and what is earned above that; joining fees "
    "are earned. Refunds are with tax. Unpaid, let go and skipped are periods that began on these "
    "days, as they stand now."
)


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def report(request: DeskRequest) -> HttpResponseBase:
    """Thirteen queries at most, besides those of the frame."""
    form: PeriodForm = form_for(request, PeriodForm)
    days = Days(form.value.start, form.value.end, form.place)
    rows, stands = billed(days), credit(days)
    whole = all_of(figures for _, figures in rows)
    figures = [
        Figure("Billed, without tax", money(whole.net), is_main=True),
        Figure("Added to balances", money(whole.paid + whole.bonus)),
        Figure("Earned", money(whole.earned)),
        Figure("Credit of memberships at the end", money(stands.closing)),
    ]
    plans = Table(
        _PLANS,
        [_line(plan, found) for plan, found in rows],
        title="Plan by plan",
        total=Line({"plan": "Total"} | _values(whole)),
        empty="No membership was charged on these days.",
        note=NOTE,
    )
    tables = [plans, _credit(stands, whole)]
    return show(request, Page(KEY, form, tables, figures, "memberships/report.html"))


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    """Its credit beside the postings of its lots; what was earned, refunds apart, beside income."""
    mine = credit(Days(on.replace(day=1), on, place)).closing
    earned = Posting.objects.filter(
        account__name=INCOME,
        account__currency=currency(),
        version__isnull=True,
        business_date__lte=on,
    )
    by_sales = earned.filter(entry__kind=EntryKind.SALE)
    if place is not None:
        by_sales = by_sales.filter(entry__location=place)
    return [
        Tie(
            "Credit of memberships, as it moved",
            mine,
            stored_on(on, place=place, source=Source.MEMBERSHIP),
        ),
        Tie(
            "Earned on memberships, before refunds",
            earned_until(on, place),
            -(by_sales.aggregate(sum=Sum("amount"))["sum"] or 0),
        ),
    ]


def register() -> None:
    """This report, and the one of revenue and churn. Called once, when the program starts."""
    rail.cover("reports", "memberships:report")
    registry.add(
        Report(
            key=KEY,
            label="Memberships",
            about="What was billed, added to balances and earned, plan by plan, and refunded.",
            group=MONEY,
            url_name="memberships:report",
            position=20,
            ties=ties,
        )
    )
    registry.add(
        Report(
            key="memberships-over-time",
            label="Revenue and churn of memberships",
            about="Recurring revenue, members and who left, month by month.",
            group=MONEY,
            url_name="memberships:figures",
            position=21,
            permission=permissions.VIEW_FIGURES,
        )
    )


def _line(plan: Plan, found: Billed) -> Line:
    return Line(
        {"plan": plan.name} | _values(found),
        url=f"{reverse('memberships:list')}?{urlencode({'q': plan.name})}",
        note=f"{said.amount(plan.price)} every {plan.get_every_display()}",
    )


def _values(found: Billed) -> dict[str, Value]:
    return {
        name: money(value) if name in _AMOUNTS else value for name, value in vars(found).items()
    }


def _credit(stands: Credit, whole: Billed) -> Table:
    lines = [
        Line({"what": label, "amount": money(getattr(stands, key))})
        for key, label in _STEPS
        if getattr(stands, key) or key not in ("lapsed", "refunded", "other")
    ]
    settled = said.amount(money(whole.settled))
    return Table(
        _CREDIT,
        lines,
        title="Credit of memberships",
        key="credit",
        total=Line({"what": "At the end", "amount": money(stands.closing)}),
        note=f"Besides, {settled} of what was billed and added paid off what members owed."
        if whole.settled
        else "",
    )
