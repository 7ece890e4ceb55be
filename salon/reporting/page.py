"""One address, three answers: the page, what a printer gets of it, and its table as a file."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from djmoney.money import Money

from salon import clock
from salon.http import DeskRequest
from salon.reporting.files import csv_response
from salon.reporting.periods import PRESETS, AsOfForm, PeriodForm
from salon.reporting.registry import find
from salon.reporting.tables import Table

TEMPLATE = "reporting/report.html"


@dataclass(frozen=True)
class Figure:
    """A figure above the tables. `is_main`: large."""

    label: str
    amount: Money | None = None
    text: str = ""
    is_main: bool = False


@dataclass(frozen=True)
class Page:
    """`key`: of the report in the registry. `parts`: of its own template, which extends ours."""

    key: str
    form: PeriodForm | AsOfForm
    tables: Sequence[Table]
    figures: Sequence[Figure] = ()
    template: str = TEMPLATE
    parts: Mapping[str, Any] = field(default_factory=dict)


def show(request: DeskRequest, page: Page, status: int = 200) -> HttpResponseBase:
    """Answer with the page; `?file=<key of a table>` with that table as CSV."""
    report = find(page.key)
    assert report is not None, f"no report is registered as {page.key}"
    wanted = request.GET.get("file")
    for table in page.tables:
        if wanted == table.key:
            return csv_response(_file_name(page, table), table)
    page.form.fill()
    context = {
        "report": report,
        "form": page.form,
        "presets": _presets(request, page.form),
        "tables": [(table, address(request, file=table.key)) for table in page.tables],
        "figures": page.figures,
        "period": page.form.value if isinstance(page.form, PeriodForm) else None,
        "on": page.form.day if isinstance(page.form, AsOfForm) else page.form.value.end,
        "place": page.form.place,
        "printed_at": clock.now(),
        **page.parts,
    }
    return render(request, page.template, context, status=status)


def form_for(request: DeskRequest, kind: type[Any], today: dt.date | None = None) -> Any:
    """A PeriodForm or an AsOfForm with what the address says. `today`: else the business date."""
    data = request.GET or None
    return kind(data, today=today or request.desk.business_date, places=request.locations)


def _presets(request: DeskRequest, form: PeriodForm | AsOfForm) -> list[dict[str, object]]:
    """One press each, with the rest of the filter as it is."""
    if not isinstance(form, PeriodForm):
        return []
    return [
        {
            "label": label,
            "url": address(request, period=key, start=None, end=None),
            "current": key == form.preset,
        }
        for key, label in PRESETS
    ]


def address(request: DeskRequest, **changed: str | None) -> str:
    """This page with something else asked for; None leaves it out. From the first row on."""
    asked = {**dict(request.GET.items()), "before": None, "after": None, "file": None, **changed}
    return f"?{urlencode({key: value for key, value in asked.items() if value is not None})}"


def _file_name(page: Page, table: Table) -> str:
    form = page.form
    days = (
        f"{form.value.start}-to-{form.value.end}"
        if isinstance(form, PeriodForm)
        else f"as-of-{form.day}"
    )
    part = "" if table.key == "rows" else f"-{table.key}"
    return f"{page.key}{part}-{days}"
