"""Dormant balances: who has credit and did nothing with it for months, and how to reach them."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from ledger.dormant import MONTHS, PAGE, Dormant, cutoff, dormant, everyone
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.money import money
from salon.reporting.page import Figure, Page, form_for, show
from salon.reporting.periods import AsOfForm
from salon.reporting.tables import Column, Kind, Line, Table

KEY = "dormant"
COLUMNS = [
    Column("client", "Client", is_title=True),
    Column("phone", "Phone"),
    Column("email", "E-mail"),
    Column("since", "Last movement", Kind.DAY),
    Column("balance", "Balance", Kind.MONEY, is_amount=True),
]


class DormantForm(AsOfForm):
    """`?months=`. Balances are as they stand now, everywhere."""

    months = forms.TypedChoiceField(
        required=False,
        label="No movement for",
        coerce=int,
        empty_value=None,
        initial=MONTHS,
        choices=[(n, f"{n} months") for n in (3, 6, 12, 18, 24, 36, 60)],
    )
    field_order = ["months"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("location", None)
        del self.fields["on"]

    def fill(self) -> None:
        """It says nothing of days."""

    @property
    def count(self) -> int:
        found = self.chosen("months")
        return found if isinstance(found, int) else MONTHS

    @property
    def day(self) -> dt.date:
        return self.today


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """One query."""
    form: DormantForm = form_for(request, DormantForm)
    until = cutoff(form.today, form.count)
    found = dormant(until=until)
    capped = f" The {PAGE} largest are shown; the file has all." if found.clients > PAGE else ""
    table = Table(
        COLUMNS,
        [_line(row) for row in found.rows],
        empty=f"Every client with credit did something with it in the last {form.count} months.",
        note="What the salon did by itself, such as a gift or a merge, is no movement of the "
        f"client’s.{capped}",
        total=Line({"client": f"{found.clients:,} clients", "balance": money(found.balance)}),
        file_lines=(_line(row) for row in everyone(until)),
    )
    figures = [
        Figure("Owed to clients who stayed away", money(found.balance), is_main=True),
        Figure("Clients", text=f"{found.clients:,}"),
    ]
    return show(request, Page(KEY, form, [table], figures))


def _line(row: Dormant) -> Line:
    return Line(
        {
            "client": row.name,
            "phone": str(row.phone),
            "email": row.email,
            "since": row.since,
            "balance": money(row.balance),
        },
        url=reverse("ledger:history", args=[row.client_id]),
        note="" if row.last else "Never used: this is when it came in",
    )
