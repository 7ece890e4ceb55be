"""Adding a visit and changing one: the same form, with and without script."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from appointments.booking import book, change
from appointments.entry import (
    VisitEntry,
    next_quarter,
    with_row_added,
    with_start,
    without_row,
)
from appointments.errors import Busy, Refused
from appointments.models import Appointment
from appointments.times import say_time, when
from appointments.views.acts import may_edit, visit_or_404
from appointments.views.back import back_to_day, day_url, go
from clients.searching import find_clients
from salon.http import DeskRequest
from salon.models import Location

MOST_FOUND = 8
SAVE, ADD_ROW, REMOVE_ROW, NEW_CLIENT = "save", "add-row", "remove-row-", "new-client"


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponseBase:
    """Add a visit at the current location. What a link says in its query stands in the form."""
    if request.method != "POST":
        entry = VisitEntry(request.desk.location, draft=_wished(request))
        entry.focus_on_row(0)
        return _shown(request, entry)
    return _answer(request, request.desk.location, None)


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """Change a visit. One that is over is only shown, with the way back if there is one."""
    visit = visit_or_404(uuid)
    if not visit.is_open:
        status = 409 if request.method == "POST" else 200
        context = {"visit": visit, "when": when(visit), "back": day_url(visit)}
        return render(request, "appointments/over.html", context, status=status)
    if request.method != "POST":
        return _shown(request, VisitEntry(visit.location, visit))
    return _answer(request, visit.location, visit)


def _answer(
    request: DeskRequest, location: Location, visit: Appointment | None
) -> HttpResponseBase:
    """Which button was pressed. Only Save saves; every other one shows the form again."""
    act, _, start = request.POST.get("act", "").partition("@")
    data: QueryDict = request.POST
    if act == SAVE:
        if start:
            data = with_start(data, start, location)
        return _save(request, VisitEntry(location, visit, data=data))
    if act == NEW_CLIENT:
        return go(request, _new_client_url(data))
    if act == ADD_ROW:
        data = with_row_added(data)
    elif act.startswith(REMOVE_ROW) and act.removeprefix(REMOVE_ROW).isdecimal():
        data = without_row(data, int(act.removeprefix(REMOVE_ROW)[:4]))
    entry = VisitEntry(location, visit, draft=data)
    # Picking a client leads on to the first service; adding and removing a row, to the last.
    entry.focus_on_row(-1 if act else 0)
    return _shown(request, entry)


def _save(request: DeskRequest, entry: VisitEntry) -> HttpResponseBase:
    free = None
    if entry.is_valid:
        try:
            visit = _written(request, entry)
        except Refused as refused:
            entry.refuse(refused)
            free = refused.next_free if isinstance(refused, Busy) else None
        else:
            messages.success(request, _told(visit, is_new=entry.visit is None))
            return back_to_day(request, visit)
    said = say_time(free, entry.location.zone) if free else ""
    return _shown(request, entry, free=free, free_said=said, status=422)


def _written(request: DeskRequest, entry: VisitEntry) -> Appointment:
    typed = entry.form.cleaned_data
    assert entry.form.starts_at is not None
    if entry.visit is None:
        return book(
            client=typed["client"],
            starts_at=entry.form.starts_at,
            services=entry.wanted,
            desk=request.desk,
            note=typed["note"],
            uuid=typed["uuid"],
        )
    return change(
        appointment=entry.visit,
        starts_at=entry.form.starts_at,
        services=entry.wanted,
        desk=request.desk,
        note=typed["note"],
        seen=typed["seen"],
        answers=request.POST.dict(),
    )


def _shown(
    request: DeskRequest, entry: VisitEntry, *, status: int = 200, **more: object
) -> HttpResponseBase:
    visit = entry.visit
    typed = request.POST.get("client_q", "")
    context = {
        "entry": entry,
        "client": entry.client,
        "q": typed,
        # For who pressed Enter instead of choosing, and for browsers without script.
        "found": _found(typed) if typed and entry.client is None else [],
        "back": day_url(visit) if visit else reverse("appointments:today"),
        **more,
    }
    part = request.htmx.target == "visit-form"
    template = "appointments/_form.html" if part else "appointments/form.html"
    return render(request, template, context, status=status)


def _found(typed: str) -> list[dict[str, object]]:
    return [{"client": client, "figures": ()} for client in find_clients(typed, MOST_FOUND)]


def _wished(request: DeskRequest) -> QueryDict:
    """The link's query; without a time, the next quarter of an hour, today."""
    wished = request.GET.copy()
    for mine in ("uuid", "seen"):
        wished.pop(mine, None)
    soon = next_quarter(request.desk.location)
    if "date" not in wished:
        wished["date"] = f"{soon:%Y-%m-%d}"
    if "time" not in wished and wished["date"] == f"{soon:%Y-%m-%d}":
        wished["time"] = f"{soon:%H:%M}"
    return wished


def _new_client_url(data: QueryDict) -> str:
    """The form for a new client, which leads back here with everything that was typed."""
    kept = {
        name: value
        for name, value in data.items()
        if name not in ("csrfmiddlewaretoken", "act", "client", "client_q", "uuid")
    }
    here = f"{reverse('appointments:new')}?{urlencode(kept)}"
    query = urlencode({"name": data.get("client_q", ""), "next": here})
    return f"{reverse('clients:new')}?{query}"


def _told(visit: Appointment, *, is_new: bool) -> str:
    return f"{visit.client} is {'booked for' if is_new else 'changed:'} {when(visit)}."
