"""IOUs: who owes the salon, since when, and what became of what is owed."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe
from phonenumber_field.phonenumber import to_python

from ledger import aged_debts
from ledger.aged_debts import BUCKETS, OTHER, Debt, Debts, Movement, bucket_label
from ledger.kinds import AccountKind
from ledger.trial_balance import trial_balance
from salon import permissions
from salon.access import permission_required
from salon.database import one_moment
from salon.http import DeskRequest
from salon.models import Location
from salon.money import minor, money
from salon.reporting.page import Figure, Page, form_for, show
from salon.reporting.periods import PeriodForm
from salon.reporting.registry import Tie
from salon.reporting.tables import Column, Kind, Line, Table

KEY = "ious"
SHOWN = 200
LABELS = [bucket_label(bucket) for bucket in BUCKETS]
HOW = (
    "What was paid settles the oldest debt first. What was taken back or undone counts as though "
    "it had never been owed."
)


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """Two queries: the debts at the end of the last day, and what moved on these days."""
    form: PeriodForm = form_for(request, PeriodForm)
    period = form.value
    with one_moment():
        found = aged_debts.debts(period.end, period.place, SHOWN)
        moved = aged_debts.movement(period.start, period.end)
    tables = [_debts(found, period.end, period.place, in_file="file" in request.GET)]
    if period.place is None:
        tables.append(_moved(moved))
    figures = [
        Figure("Owed by clients", found.total, is_main=True),
        Figure("Clients who owe", text=f"{found.clients:,}"),
        *(Figure(*each) for each in zip(LABELS, map(money, found.buckets), strict=True)),
    ]
    return show(request, Page(KEY, form, tables, figures))


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    """Of every location together: what was paid at one may have come to be owed at another."""
    books = {row.kind: minor(row.net) for row in trial_balance(on, by="kind").rows}
    owed = books.get(AccountKind.RECEIVABLE, 0)
    return [
        Tie("Owed by clients, by age", sum(aged_debts.debts(on, limit=1).buckets), owed),
        Tie("Owed by clients, as it moved", aged_debts.movement(on, on).closing, owed),
    ]


def _debts(found: Debts, on: dt.date, place: Location | None, *, in_file: bool) -> Table:
    """How to reach them stands under their names on the page, in columns in the file."""
    note = HOW if place is None else f"{HOW} Only what came to be owed at this location is here."
    if found.clients > len(found.rows):
        note += f" The {len(found.rows)} who owe the most are listed; the file has all."
    ages = [
        Column(f"age{n}", label, Kind.MONEY, hide_zero=True, is_extra=True)
        for n, label in enumerate(LABELS)
    ]
    contact = [Column("phone", "Phone"), Column("email", "E-mail")] if in_file else []
    columns = [
        Column("client", "Client", is_title=True),
        *contact,
        Column("oldest", "Oldest unpaid since", Kind.DAY),
        Column("last_paid", "Last payment", Kind.DAY),
        Column("owes", "Owes", Kind.MONEY, is_amount=True),
        *ages,
    ]
    sums = {f"age{n}": money(cents) for n, cents in enumerate(found.buckets)}
    return Table(
        columns,
        [_line(debt) for debt in found.rows],
        title=f"Owed at the end of {on:%b} {on.day}, {on.year}",
        empty="Nobody owes anything then.",
        note=note,
        total=Line({"client": "Total", "owes": found.total, **sums}),
        file_lines=(_line(debt) for debt in aged_debts.all_debts(on, place)),
    )


def _line(debt: Debt) -> Line:
    number = to_python(debt.phone)
    phone = str(number) if number else ""
    return Line(
        {
            "client": debt.name,
            "phone": phone,
            "email": debt.email,
            "oldest": debt.oldest,
            "last_paid": debt.last_paid,
            "owes": money(debt.owes),
            **{f"age{n}": money(cents) for n, cents in enumerate(debt.buckets)},
        },
        url=reverse("ledger:history", args=[debt.client_id]),
        note=" · ".join(filter(None, [phone, debt.email])),
    )


def _moved(moved: Movement) -> Table:
    columns = [
        Column("what", "What", is_title=True),
        Column("amount", "Amount", Kind.MONEY, is_amount=True),
    ]
    ways = {
        label: cents
        for label, cents in moved.ways.items()
        if cents or label not in ("Brought over", OTHER)
    }
    return Table(
        columns,
        [
            Line({"what": "Owed before", "amount": money(moved.opening)}, is_total=True),
            *(Line({"what": label, "amount": money(cents)}) for label, cents in ways.items()),
        ],
        title="What became of it on these days",
        key="movement",
        total=Line({"what": "Owed at the end", "amount": money(moved.closing)}),
    )
