"""The journal for other programs, as a file."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ledger.exporting.formats import formats
from ledger.exporting.journal import journal
from ledger.exporting.rows import Span
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.reporting.periods import day_field
from salon.reporting.registry import find

KEY = "journal"
PROGRAMS = {key: formats()[key] for key in ("csv", "hledger", "ledger", "beancount")}


class JournalForm(forms.Form):
    """`?format=csv&start=&end=&clients=together`: without a day, without that bound."""

    format = forms.ChoiceField(
        label="For which program",
        choices=[(key, form.label) for key, form in PROGRAMS.items()],
        initial="csv",
        widget=forms.RadioSelect(attrs={"class": "segments"}),
        error_messages={"invalid_choice": "Choose one of these programs."},
    )
    start = day_field("From")
    end = day_field("To")
    clients = forms.ChoiceField(
        label="Clients and gift cards",
        choices=[("together", "One account for all"), ("apart", "An account for each")],
        initial="together",
        widget=forms.RadioSelect(attrs={"class": "segments"}),
    )
    start.help_text = (
        "Empty: from the first entry on. What stood on each account before is carried."
    )
    end.help_text = "Empty: to the last entry."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "This day is before the first one.")
        return cleaned


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """What there is to choose; with a choice, the file, written while it is read."""
    form = JournalForm(request.GET if "format" in request.GET else None)
    if form.is_bound and form.is_valid():
        return _file(**form.cleaned_data)
    context = {"form": form, "programs": PROGRAMS.values(), "report": find(KEY)}
    return render(request, "reports/journal.html", context, status=422 if form.errors else 200)


def _file(
    *, format: str, start: dt.date | None, end: dt.date | None, clients: str
) -> StreamingHttpResponse:
    form = PROGRAMS[format]
    texts = journal(form=form, span=Span(start, end), together=clients == "together")
    if format == "csv":
        texts = _with_mark(texts)
    response = StreamingHttpResponse(texts, content_type=form.content_type)
    days = f"{start or 'first'}-to-{end or 'last'}"
    response["Content-Disposition"] = f'attachment; filename="journal-{days}.{form.suffix}"'
    return response


def _with_mark(texts: Iterator[str]) -> Iterator[str]:
    """Without it Excel takes UTF-8 for something else."""
    yield "\ufeff"
    yield from texts
