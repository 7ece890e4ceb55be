"""Client Account Usage: what was paid with account credit, sale by sale."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from ledger import usage
from ledger.kinds import AccountKind, Flow, Source
from ledger.sums import sums
from ledger.trial_balance import trial_balance
from ledger.usage import Asked, Totals, Use
from ledger.wallet import bar_of
from reports.forms import ClientPeriodForm
from reports.linking import cause_names, cause_url
from salon import permissions
from salon.access import permission_required
from salon.database import one_moment
from salon.http import DeskRequest
from salon.models import Location
from salon.money import minor, money
from salon.reporting.page import Figure, Page, address, form_for, show
from salon.reporting.registry import Tie
from salon.reporting.tables import Column, Kind, Line, Table

KEY = "usage"
COLUMNS = [
    Column("day", "Day", Kind.DAY),
    Column("client", "Client", is_title=True),
    Column("sale", "Sale"),
    Column("staff", "By"),
    Column("location", "Location"),
    Column("credit", "Credit used", Kind.MONEY, is_amount=True),
    Column("owed", "Put on IOU", Kind.MONEY, hide_zero=True),
]
EMPTY = "No account credit was used on these days. Widen the days, or clear the filter."


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """Two queries, and one for the names of each kind of cause."""
    form: ClientPeriodForm = form_for(request, ClientPeriodForm)
    asked = Asked(form.value.start, form.value.end, form.value.place, form.words)
    after = request.GET.get("after", "")
    with one_moment():
        uses, more = usage.page_of(asked, after)
        found = usage.totals(asked)
    figures = [
        Figure("Credit used", money(found.credit), is_main=True),
        Figure("Put on IOUs besides", money(found.owed)),
    ]
    table = Table(
        _columns(len(request.locations) > 1),
        _lines(uses),
        title="Sale by sale",
        empty=EMPTY,
        note="What was taken back or refunded to the balance is below zero.",
        total=Line({"client": "Total", "credit": money(found.credit), "owed": money(found.owed)}),
        next_url=address(request, after=more) if more else "",
        first_url=address(request) if after else "",
        file_lines=_file_lines(asked),
    )
    tables = [table, by_source(found)] if any(found.sources.values()) else [table]
    parts = {"bar": bar_of({each: n for each, n in found.sources.items() if n > 0})}
    return show(
        request,
        Page(KEY, form, tables, figures, "reports/usage.html", parts),
    )


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    """All that was ever used, beside what is left when all else is taken off the accounts."""
    found = usage.totals(Asked(dt.date.min, on, place))
    said = {AccountKind.CLIENT_CREDIT: "Credit used", AccountKind.RECEIVABLE: "Used on IOUs"}
    books = {row.kind: minor(row.net) for row in trial_balance(on, by="kind", place=place).rows}
    at: dict[str, Any] = {"location_id": place.pk} if place else {}
    rows = sums(end=on, by=("kind", "flow"), kind=[kind.value for kind in said], **at)
    return [
        Tie(
            f"{label} since the beginning",
            found.credit if kind == AccountKind.CLIENT_CREDIT else found.owed,
            books.get(kind, 0)
            - sum(r["amount"] for r in rows if r["kind"] == kind and r["flow"] != Flow.USED),
        )
        for kind, label in said.items()
    ]


def by_source(found: Totals) -> Table:
    """Which credit it was."""
    columns = [
        Column("source", "How it came in", is_title=True),
        Column("amount", "Credit used", Kind.MONEY, is_amount=True),
    ]
    lines = [
        Line({"source": Source(each).label, "amount": money(amount)})
        for each, amount in found.sources.items()
        if amount
    ]
    total = Line({"source": "Total", "amount": money(found.credit)})
    return Table(columns, lines, title="By source", key="by-source", total=total)


def _columns(has_places: bool) -> list[Column]:
    return [column for column in COLUMNS if has_places or column.key != "location"]


def _lines(uses: Sequence[Use]) -> list[Line]:
    names = cause_names(use.cause for use in uses)
    return [
        Line(
            {
                "day": use.day,
                "client": use.client,
                "sale": names.get(use.cause, ""),
                "staff": use.staff,
                "location": use.location,
                "credit": money(use.credit),
                "owed": money(use.owed),
            },
            url=reverse("ledger:entry", args=[use.client_id, use.entry_id]),
            links={"sale": cause_url(*use.cause)},
        )
        for use in uses
    ]


def _file_lines(asked: Asked) -> Iterator[Line]:
    for uses in usage.batches(asked):
        yield from _lines(uses)
