"""Rows of an import: what becomes of one, and those with problems as a file."""

import uuid as uuids
from collections.abc import Iterator
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from imports.deciding import decide
from imports.finding import import_or_404
from imports.models import Import, Status
from imports.showing import shown_of
from imports.views.gate import may_import, moved_on, to_where_it_is
from salon.http import DeskRequest
from salon.refusing import refusal_told
from salon.reporting.files import csv_response
from salon.reporting.tables import Column, Kind, Line, Table


@may_import
@require_POST
def decide_row(request: DeskRequest, uuid: uuids.UUID, number: int) -> HttpResponseBase:
    """Same person, new client or left out: back to the row; for htmx the row and the figures."""
    import_ = import_or_404(uuid)
    if import_.status != Status.READY:
        return moved_on(request, import_)
    row = None
    with refusal_told(request):
        row = decide(import_=import_, number=number, decision=request.POST.get("decision", ""))
    if request.htmx:
        if row is None:
            return to_where_it_is(request, import_)
        import_.refresh_from_db()
        context = {"import": import_, "shown": shown_of(import_, row), "tab": _asked(request)}
        return render(request, "imports/_decided.html", context)
    asked = {name: request.POST.get(name, "") for name in ("tab", "after")}
    query = urlencode({name: value for name, value in asked.items() if value})
    return redirect(f"{reverse('imports:one', args=[uuid])}?{query}#row-{number}")


@may_import
@require_safe
def problems(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """Rows with problems, with all their cells: to be mended there and imported by itself."""
    import_ = import_or_404(uuid)
    return csv_response("rows-with-problems", _problems_table(import_))


def _asked(request: DeskRequest) -> str:
    return request.POST.get("tab", "")


def _problems_table(import_: Import) -> Table:
    columns = [
        *(Column(str(place), str(name)) for place, name in enumerate(import_.columns)),
        Column("row", "Row", Kind.COUNT),
        Column("why", "What is wrong"),
    ]
    return Table(columns, [], file_lines=_lines(import_))


def _lines(import_: Import) -> Iterator[Line]:
    """Read as they are written; as many cells as the file has columns."""
    for row in import_.rows.with_errors().order_by("number").iterator(chunk_size=1000):
        cells: dict[str, str | int] = {
            str(place): str(text)
            for place, text in enumerate(row.raw)
            if place < len(import_.columns)
        }
        yield Line({**cells, "row": row.number, "why": " ".join(row.problems)})
