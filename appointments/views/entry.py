"""Adding a visit and changing one: the same form, with and without script."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from appointments.booking import book, change
from appointments.changes import Change, Kind, Prompt, outcomes, prompts
from appointments.entry import (
    VisitEntry,
    next_quarter,
    with_row_added,
    with_start,
    without_row,
)
from appointments.errors import Busy, Refused
from appointments.models import Appointment
from appointments.times import said_from, when
from appointments.views.acts import may_edit, visit_or_404
from appointments.views.back import BOOK, back_to_day, came_from, day_url, go
from appointments.views.day import asked_day
from clients.searching import find_clients
from salon.http import DeskRequest
from salon.models import Location

MOST_FOUND = 8
DAYS = {BOOK: "appointments:book", "": "appointments:today"}
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
        origin = came_from(request)
        context = {
            "visit": visit,
            "when": when(visit),
            "back": day_url(visit, origin),
            "came_from": origin,
        }
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
    free: list[dt.datetime] = []
    asked: list[Prompt] = []
    if entry.is_valid:
        asked = _asked(request, entry)
        is_asked = request.POST.get("asked") == _start(entry)
        if any(one.is_question for one in asked) and not is_asked:
            return _shown(request, entry, prompts=asked, asked=_start(entry))
        try:
            visit = _written(request, entry)
        except Refused as refused:
            entry.refuse(refused)
            free = refused.next_frees if isinstance(refused, Busy) else []
        else:
            messages.success(request, _told(request, entry, visit))
            return back_to_day(request, visit)
    return _shown(
        request,
        entry,
        free=[(one.isoformat(), _said(one, entry)) for one in free],
        prompts=asked,
        asked=_start(entry) if asked else "",
        status=422,
    )


def _said(free: dt.datetime, entry: VisitEntry) -> str:
    """The time alone on the day that was asked for, else with its day."""
    assert entry.form.starts_at is not None
    return said_from(free, entry.form.starts_at, entry.location)


def _asked(request: DeskRequest, entry: VisitEntry) -> list[Prompt]:
    """What upper floors ask about the new start of a visit, where it gets one."""
    visit, starts_at = entry.visit, entry.form.starts_at
    if visit is None or starts_at is None or starts_at == visit.starts_at:
        return []
    data = request.POST if request.POST.get("asked") == _start(entry) else None
    return prompts(Kind.MOVED, visit, request.desk, data, starts_at=starts_at)


def _start(entry: VisitEntry) -> str:
    """Which start the questions on the page are about."""
    return entry.form.starts_at.isoformat() if entry.form.starts_at else ""


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
    origin = came_from(request)
    context = {
        "entry": entry,
        "client": entry.client,
        "q": typed,
        # For who pressed Enter instead of choosing, and for browsers without script.
        "found": _found(typed) if typed and entry.client is None else [],
        "back": day_url(visit, origin) if visit else _day_left(entry, origin),
        "came_from": origin,
        **more,
    }
    part = request.htmx.target == "visit-form"
    template = "appointments/_form.html" if part else "appointments/form.html"
    return render(request, template, context, status=status)


def _day_left(entry: VisitEntry, origin: str) -> str:
    """Where one came from to add a visit: the book's day that it is for, or Today."""
    day = asked_day(str(entry.form["date"].value()))
    page = reverse(DAYS[origin])
    return f"{page}?date={day}" if day and origin else page


def _found(typed: str) -> list[dict[str, object]]:
    return [{"client": client, "figures": ()} for client in find_clients(typed, MOST_FOUND)]


def _wished(request: DeskRequest) -> QueryDict:
    """The link's query; without a time, the next quarter of an hour, today."""
    wished = request.GET.copy()
    for mine in ("uuid", "seen"):
        wished.pop(mine, None)
    if start := wished.get("start"):
        wished = with_start(wished, start, request.desk.location)
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


def _told(request: DeskRequest, entry: VisitEntry, visit: Appointment) -> str:
    """What happened; where the visit was moved, with the way back to its old start."""
    before = entry.visit
    if before is None:
        return f"{visit.client} is booked for {when(visit)}."
    said = f"{visit.client} is changed: {when(visit)}."
    if before.starts_at == visit.starts_at:
        return said
    moved = Change(Kind.MOVED, before, request.desk, visit.starts_at, answers=request.POST.dict())
    said = " ".join([said, *outcomes(moved)])
    wish = {"start": before.starts_at.isoformat(), "back": came_from(request)}
    url = f"{reverse('appointments:move', args=[visit.uuid])}?{urlencode(wish)}"
    return format_html('{} <a href="{}">Move it back</a>', said, url)
