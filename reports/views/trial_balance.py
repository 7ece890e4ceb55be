"""The trial balance: what stands on every account, in two columns that add up to the same."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from ledger.account_rows import HouseAccount, KindRow, kinds_and_accounts
from ledger.kinds import GUARDED, AccountKind
from ledger.trial_balance import trial_balance
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.models import Location
from salon.money import minor, money
from salon.reporting.page import Page, address, form_for, show
from salon.reporting.periods import AsOfForm
from salon.reporting.registry import Tie
from salon.reporting.tables import Column, Kind, Line, Table, Value

KEY = "trial-balance"
ALL = "all"
LISTED_BY = {
    AccountKind.CLIENT_CREDIT: "reports:balances",
    AccountKind.RECEIVABLE: "reports:ious",
    AccountKind.GIFT_CARD: "reports:gift_cards",
}
"""Who names the single accounts of a kind that has one for each client or card."""
COLUMNS = [
    Column("account", "Account", is_title=True),
    Column("debit", "Debit", Kind.MONEY, is_amount=True, hide_zero=True),
    Column("credit", "Credit", Kind.MONEY, hide_zero=True),
]
IN_FILES = [Column("kind", "Kind"), *COLUMNS, Column("name", "In the books")]
NOTE = "Debit is what the salon has, is owed or has spent; credit what it owes or has earned."


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """`?show=` a kind: its accounts below it; `all`: all. Three queries, and those of names."""
    form: AsOfForm = form_for(request, AsOfForm)
    kinds = kinds_and_accounts(form.day, form.place)
    shown = request.GET.get("show", "")
    table = Table(
        IN_FILES if request.GET.get("file") else COLUMNS,
        [line for kind in kinds for line in _lines(request, kind, form, shown)],
        title="Accounts",
        empty="Nothing was booked up to then.",
        note=NOTE if form.place is None else f"{NOTE} Only what was booked at this location.",
        total=Line({"account": "Total", "kind": "Total", **_totals(kinds)}),
        file_lines=_file_lines(kinds),
    )
    parts = {
        "is_open": shown == ALL,
        "open_url": address(request, show=ALL),
        "closed_url": address(request, show=None),
    }
    return show(request, Page(KEY, form, [table], (), "reports/trial_balance.html", parts))


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    """The page's accounts, from day sums, beside those of the postings. Two queries and some."""
    mine = [net for _, net in _nets(kinds_and_accounts(on, place))]
    by_account = [row for row in trial_balance(on, place=place).rows if row.kind not in GUARDED]
    kinds = trial_balance(on, by="kind", place=place).rows
    by_kind = [row for row in kinds if row.kind in GUARDED]
    books = [minor(row.net) for row in [*by_account, *by_kind]]
    return [
        Tie("Debit, account by account", _above(mine), _above(books)),
        Tie("Credit, account by account", _above(-n for n in mine), _above(-n for n in books)),
    ]


def _above(nets: Iterable[int]) -> int:
    return sum(net for net in nets if net > 0)


def _nets(kinds: Sequence[KindRow]) -> Iterator[tuple[KindRow, int]]:
    """What the columns add up: the house's accounts one by one, clients' and cards' as one."""
    for kind in kinds:
        for net in [each.net for each in kind.accounts] or [kind.net]:
            yield kind, net


def _totals(kinds: Sequence[KindRow]) -> dict[str, Value]:
    nets = [net for _, net in _nets(kinds)]
    return {"debit": money(_above(nets)), "credit": money(_above(-net for net in nets))}


def _lines(request: DeskRequest, kind: KindRow, form: AsOfForm, shown: str) -> Iterator[Line]:
    """The kind, with both sides of its accounts; and these, where they are asked for."""
    is_open = bool(kind.accounts) and shown in (ALL, kind.kind)
    yield Line(
        {"account": kind.kind.label, **_totals([kind])},
        url=_opens(request, kind, is_open, form),
        note=_note(kind),
        is_total=is_open,
    )
    if is_open:
        for account in kind.accounts:
            yield Line(
                {"account": account.label, **_sides(account.net)},
                url=reverse("reports:account", args=[account.pk]) + _asked(form),
                is_part=True,
            )


def _opens(request: DeskRequest, kind: KindRow, is_open: bool, form: AsOfForm) -> str:
    """A kind of one account leads to it, another shows its accounts; a press more hides them."""
    if kind.is_guarded:
        return _listed(kind, form)
    if len(kind.accounts) == 1:
        return reverse("reports:account", args=[kind.accounts[0].pk]) + _asked(form)
    return address(request, show=None if is_open else kind.kind.value)


def _listed(kind: KindRow, form: AsOfForm) -> str:
    url = reverse(LISTED_BY[kind.kind])
    by_day = f"?on={form.day}" if kind.kind == AccountKind.CLIENT_CREDIT else f"?end={form.day}"
    return url + by_day


def _note(kind: KindRow) -> str:
    if len(kind.accounts) == 1:
        label = kind.accounts[0].label
        return "" if label == kind.kind.label else label
    return f"{len(kind.accounts)} accounts" if kind.accounts else ""


def _asked(form: AsOfForm) -> str:
    place = f"&location={form.place.pk}" if form.place else ""
    return f"?on={form.day}{place}"


def _sides(net: int) -> dict[str, Value]:
    return {"debit": money(max(net, 0)), "credit": money(max(-net, 0))}


def _file_lines(kinds: Sequence[KindRow]) -> Iterator[Line]:
    for kind in kinds:
        rows = kind.accounts or [HouseAccount(0, kind.kind.value, kind.kind.label, kind.net)]
        for row in rows:
            values = {"kind": kind.kind.label, "account": row.label, "name": row.name}
            yield Line({**values, **_sides(row.net)})
