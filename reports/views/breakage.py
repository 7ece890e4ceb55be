"""Forfeiture and breakage: deposits that were kept, credit and gift cards that expired."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from ledger import account_names, breakage
from ledger.breakage import Asked, Expired, Forfeit
from ledger.kinds import AccountKind, Source
from ledger.trial_balance import trial_balance
from reports.linking import cause_names, cause_url, entry_url
from salon import permissions, said
from salon.access import permission_required
from salon.addresses import whole_number
from salon.database import one_moment
from salon.drawing import drawn
from salon.http import DeskRequest
from salon.models import Location
from salon.money import minor, money
from salon.reporting.page import Figure, Page, address, form_for, show
from salon.reporting.periods import PeriodForm
from salon.reporting.registry import Tie
from salon.reporting.tables import Column, Kind, Line, Table

KEY = "breakage"
GIFT_CARDS = "gift_card"
HOUSE = "The salon"
COLUMNS = [
    Column("day", "Day", Kind.DAY),
    Column("client", "Client", is_title=True),
    Column("visit", "Of"),
    Column("note", "Why"),
    Column("whose", "Income of"),
    Column("amount", "Kept", Kind.MONEY, is_amount=True),
]


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """Five queries, and one for the names of each kind of cause and of providers."""
    form: PeriodForm = form_for(request, PeriodForm)
    period = form.value
    asked = Asked(period.start, period.end, period.place)
    before = whole_number(request.GET.get("before"))
    with one_moment():
        rows, more = breakage.page_of(asked, before)
        house, providers = breakage.forfeited(asked)
        gone = breakage.expired(asked)
        by_month = breakage.forfeited_by_month(asked)
    kept = Table(
        [column for column in COLUMNS if providers or column.key != "whose"],
        _lines(rows),
        title="Deposits that were kept",
        empty="No deposit was forfeited on these days.",
        total=Line({"client": "Total", "amount": money(house + providers)}),
        older_url=address(request, before=str(more)) if more else "",
        first_url=address(request) if before else "",
        file_lines=_file_lines(asked),
    )
    expired = sum(each.amount for each in gone)
    figures = [
        Figure("Income without a visit", money(house + expired), is_main=True),
        Figure("Forfeited deposits", money(house)),
        Figure("Expired", money(expired)),
        *([Figure("Kept for providers", money(providers))] if providers else []),
    ]
    parts = {
        "chart": _drawing(by_month, gone),
        "income": money(house + expired),
    }
    page = Page(KEY, form, [kept, _expired(gone)], figures, "reports/breakage.html", parts)
    return show(request, page)


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    books = {row.kind: -minor(row.net) for row in trial_balance(on, by="kind", place=place).rows}
    asked = Asked(dt.date.min, on, place)
    return [
        Tie("Forfeited", breakage.forfeited(asked)[0], books.get(AccountKind.FORFEITED, 0)),
        Tie(
            "Expired",
            sum(each.amount for each in breakage.expired(asked)),
            books.get(AccountKind.BREAKAGE, 0),
        ),
    ]


def _lines(rows: Sequence[Forfeit]) -> list[Line]:
    names = cause_names((row.entry.cause_kind, row.entry.cause_id) for row in rows)
    whose = account_names.named({row.account for row in rows if not row.is_house})
    return [
        Line(
            {
                "day": row.entry.business_date,
                "client": row.client,
                "visit": names.get((row.entry.cause_kind, row.entry.cause_id), ""),
                "note": row.entry.note,
                "whose": HOUSE if row.is_house else whose[row.account].name,
                "amount": money(row.amount),
            },
            url=_entry_of(row),
            links={"visit": cause_url(row.entry.cause_kind, row.entry.cause_id)},
        )
        for row in rows
    ]


def _entry_of(row: Forfeit) -> str:
    if row.client_id is None:
        return entry_url(row.entry.pk)
    return reverse("ledger:entry", args=[row.client_id, row.entry.pk])


def _file_lines(asked: Asked) -> Iterator[Line]:
    for rows in breakage.batches(asked):
        yield from _lines(rows)


def _expired(gone: Sequence[Expired]) -> Table:
    """A row a month, a column for each source that there is, and one for gift cards."""
    by_month: dict[dt.date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in gone:
        key = GIFT_CARDS if each.kind == AccountKind.GIFT_CARD else each.source
        by_month[each.month][key] += each.amount
    met = {key for sums in by_month.values() for key in sums}
    labels = {**dict(Source.choices), GIFT_CARDS: "Gift cards"}
    columns = [
        Column("month", "Month", is_title=True),
        *(
            Column(key, label, Kind.MONEY, hide_zero=True)
            for key, label in labels.items()
            if key in met
        ),
        Column("total", "Expired", Kind.MONEY, is_amount=True),
    ]
    lines = [_month(f"{month:%B %Y}", sums) for month, sums in sorted(by_month.items())]
    whole = {key: sum(sums[key] for sums in by_month.values()) for key in met}
    return Table(
        columns,
        lines,
        title="Credit and gift cards that expired",
        key="expired",
        empty="Nothing expired on these days.",
        total=_month("Total", whole),
    )


def _month(label: str, sums: dict[str, int]) -> Line:
    amounts = {key: money(cents) for key, cents in sums.items()}
    return Line({"month": label, **amounts, "total": money(sum(sums.values()))})


def _drawing(forfeited: dict[dt.date, int], gone: Sequence[Expired]) -> dict[str, object] | None:
    """Both by month, where there are two or more."""
    sums: dict[dt.date, int] = defaultdict(int, forfeited)
    for each in gone:
        sums[each.month] += each.amount
    if len(sums) < 2:
        return None
    months = _months(min(sums), max(sums))
    plot = drawn([max(sums[month], 0) for month in months], 10_000)
    step = -(-len(months) // 12)
    return {
        "plot": plot,
        "ticks": [(_whole(tick.value), tick.y) for tick in plot.ticks],
        "marks": [f"{month:%b}" if i % step == 0 else "" for i, month in enumerate(months)],
    }


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    months = [first]
    while months[-1] < last:
        months.append((months[-1] + dt.timedelta(days=32)).replace(day=1))
    return months


def _whole(cents: int) -> str:
    return said.amount(money(cents)).removesuffix(".00")
