"""Client Account Balances: what every client has and owes, now or at the end of a day."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from ledger import balances_on
from ledger.balances_on import Figures, Row
from ledger.balances_query import Asked
from ledger.kinds import AccountKind, Source
from ledger.trial_balance import stored_on, trial_balance
from ledger.wallet import bar_of
from reports.forms import BalancesForm
from salon import permissions, said
from salon.access import permission_required
from salon.database import one_moment
from salon.http import DeskRequest
from salon.models import Location
from salon.money import minor
from salon.reporting.page import Figure, Page, address, form_for, show
from salon.reporting.registry import Tie
from salon.reporting.tables import Column, Kind, Line, Table, Value

KEY = "balances"
EVERYWHERE = (
    "The balance is available and held credit, and what has expired but is not written off yet, "
    "less what is owed. It is one figure for a client, across locations."
)
ONE_PLACE = (
    "Only credit that was sold at this location, wherever it may be used. What clients owe is owed "
    "to the business and shows under every location."
)


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """Two queries."""
    form: BalancesForm = form_for(request, BalancesForm)
    asked = Asked(form.day, form.place, form.words, form.order)
    after = request.GET.get("after", "")
    with one_moment():
        found = balances_on.page_of(asked, after)
    total = found.total
    columns = columns_of(total, with_owed=form.place is None)
    table = Table(
        columns,
        [_shown(row) for row in found.rows],
        title="Client by client",
        empty="No client has credit or owes anything then.",
        note=ONE_PLACE if form.place else EVERYWHERE,
        total=Line({"client": _all(found.clients), **_values(total)}),
        next_url=address(request, after=found.next) if found.next else "",
        first_url=address(request) if after else "",
        file_lines=(_line(row) for row in balances_on.rows_of(asked)),
    )
    figures = [
        _balance_of_all(total),
        Figure("Available", total.money("available")),
        Figure("Held for visits", total.money("held")),
        *([] if form.place else [Figure("Owed by clients", total.money("owes"))]),
    ]
    parts = {"bar": bar_of({each: n for each, n in total.sources.items() if n > 0})}
    return show(request, Page(KEY, form, [table], figures, "reports/balances.html", parts))


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    """What is owed belongs to no location."""
    total = balances_on.totals(on, place)
    if place is not None:
        return [Tie("Credit of all clients", total.stored, stored_on(on, place=place))]
    books = {row.kind: minor(row.net) for row in trial_balance(on, by="kind").rows}
    return [
        Tie("Credit of all clients", total.stored, -books.get(AccountKind.CLIENT_CREDIT, 0)),
        Tie("Owed by all clients", total.owes, books.get(AccountKind.RECEIVABLE, 0)),
    ]


def columns_of(total: Figures, with_owed: bool) -> list[Column]:
    """A column for each source that there is any credit of."""
    columns = [
        Column("client", "Client", is_title=True),
        Column("available", "Available", Kind.MONEY, hide_zero=True),
        Column("held", "Held", Kind.MONEY, hide_zero=True),
    ]
    if with_owed:
        columns.append(Column("owes", "Owes", Kind.MONEY, hide_zero=True))
    columns.append(Column("balance", "Balance", Kind.MONEY, is_amount=True, is_balance=True))
    return columns + [
        Column(each.value, each.label, Kind.MONEY, hide_zero=True, is_extra=True)
        for each in Source
        if total.sources[each]
    ]


def _all(clients: int) -> str:
    return "1 client" if clients == 1 else f"{clients:,} clients"


def _balance_of_all(total: Figures) -> Figure:
    label, balance = "Balance of all clients", total.money("balance")
    if total.balance < 0:
        return Figure(label, text=said.balance(balance), is_main=True)
    return Figure(label, balance, is_main=True)


def _shown(row: Row) -> Line:
    """Who has nothing and owes: their balance says so, and no column says it again."""
    line = _line(row)
    if row.figures.stored:
        return line
    return Line({**line.values, "owes": None}, url=line.url)


def _line(row: Row) -> Line:
    url = reverse("ledger:payment_methods", args=[row.client_id])
    return Line({"client": row.name, **_values(row.figures)}, url=url)


def _values(figures: Figures) -> dict[str, Value]:
    names = ("available", "held", "owes", "balance", *Source.values)
    return {name: figures.money(name) for name in names}
