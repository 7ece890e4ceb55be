"""One of the house's accounts: its entries, the newest first; and one entry with all its legs."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ledger import account_names
from ledger.account_rows import PAGE, Movement, all_entries_of, entries_of
from ledger.kinds import AccountKind
from ledger.models import Account, Entry, Posting
from ledger.sums import total
from reports.linking import cause_names, cause_url, entry_url
from salon import permissions
from salon.access import permission_required
from salon.database import one_moment
from salon.http import DeskRequest
from salon.money import money
from salon.reporting.page import Figure, Page, address, form_for, show
from salon.reporting.periods import AsOfForm
from salon.reporting.tables import Column, Kind, Line, Table

COLUMNS = [
    Column("day", "Day", Kind.DAY),
    Column("what", "What", is_title=True),
    Column("cause", "Belongs to"),
    Column("staff", "By"),
    Column("location", "Location"),
    Column("debit", "Debit", Kind.MONEY, is_amount=True, hide_zero=True),
    Column("credit", "Credit", Kind.MONEY, hide_zero=True),
]
may_see = permission_required(permissions.VIEW_REPORTS)


@may_see
@require_safe
def page(request: DeskRequest, pk: int) -> HttpResponseBase:
    """`?on=`, `?location=`. Five queries, and one for the names of each kind of cause."""
    account = get_object_or_404(Account, pk=pk, version__isnull=True)
    form: AsOfForm = form_for(request, AsOfForm)
    after = request.GET.get("after", "")
    at: dict[str, Any] = {"location_id": form.place.pk} if form.place else {}
    with one_moment():
        found = entries_of(account, form.day, form.place, after, PAGE + 1)
        net = total(end=form.day, account_id=account.pk, **at)
    more = found[PAGE - 1].cursor if len(found) > PAGE else ""
    table = Table(
        COLUMNS,
        _lines(found[:PAGE]),
        title="Entries",
        empty="Nothing was booked on it up to then.",
        next_url=address(request, after=more) if more else "",
        first_url=address(request) if after else "",
        file_lines=_file_lines(account, form),
    )
    label = account_names.named([account.name])[account.name].name
    kind = AccountKind(account.kind).label
    parts = {"title": label if label == kind else f"{kind}: {label}", "account": account}
    side = "Stands in debit" if net >= 0 else "Stands in credit"
    figures = [Figure(side, money(abs(net)), is_main=True)]
    return show(
        request, Page("trial-balance", form, [table], figures, "reports/account.html", parts)
    )


@may_see
@require_safe
def entry(request: DeskRequest, pk: int) -> HttpResponse:
    """Who, when, why, and every leg by the name of its account. Two queries, and those of names."""
    rows = Entry.objects.select_related("staff", "location", "till", "reverses", "reversed_by")
    found = get_object_or_404(rows, pk=pk)
    legs = list(
        Posting.objects.filter(entry=found).select_related("account", "lot").order_by("line")
    )
    named = account_names.named(leg.account.name for leg in legs)
    cause = found.cause_kind, found.cause_id
    context = {
        "entry": found,
        "cause": cause_names([cause]).get(cause, "") or "Open what it belongs to",
        "cause_url": cause_url(*cause),
        "legs": [
            {
                "kind": AccountKind(leg.account.kind).label,
                "named": named[leg.account.name],
                "lot": leg.lot,
                "debit": money(leg.amount) if leg.amount > 0 else None,
                "credit": money(-leg.amount) if leg.amount < 0 else None,
            }
            for leg in legs
        ],
        "total": money(sum(leg.amount for leg in legs if leg.amount > 0)),
    }
    return render(request, "reports/entry.html", context)


def _lines(rows: Sequence[Movement]) -> list[Line]:
    names = cause_names((row.entry.cause_kind, row.entry.cause_id) for row in rows)
    return [
        Line(
            {
                "day": row.entry.business_date,
                "what": row.entry.get_kind_display(),
                "cause": names.get((row.entry.cause_kind, row.entry.cause_id), ""),
                "staff": str(row.entry.staff) if row.entry.staff else "By itself",
                "location": row.entry.location.name,
                "debit": money(max(row.amount, 0)),
                "credit": money(max(-row.amount, 0)),
            },
            url=entry_url(row.entry.pk),
            links={"cause": cause_url(row.entry.cause_kind, row.entry.cause_id)},
        )
        for row in rows
    ]


def _file_lines(account: Account, form: AsOfForm) -> Iterator[Line]:
    for rows in all_entries_of(account, form.day, form.place):
        yield from _lines(rows)
