"""Giving a visit to another client: find them, then what upper floors have to ask about it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from appointments.booking import fingerprint
from appointments.changes import Change, Kind, outcomes, prompts
from appointments.errors import Refused
from appointments.giving import give_to
from appointments.models import Appointment
from appointments.times import when
from appointments.views.acts import may_edit, visit_or_404
from appointments.views.back import back_to_day, came_from, go
from appointments.views.sheets import SHEET, sheet_or_page
from clients.models import Client
from clients.searching import find_clients
from salon.addresses import whole_number
from salon.http import DeskRequest

MOST_FOUND = 8


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def give_visit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """`?q=` finds clients; `?client=` asks about one; POST gives it to `client`."""
    visit = visit_or_404(uuid)
    if not visit.is_open:
        return go(request, reverse("appointments:edit", args=[visit.uuid]))
    sent = request.POST if request.method == "POST" else request.GET
    chosen = _client(sent.get("client"))
    if request.method != "POST" or chosen is None:
        return _sheet(request, visit, chosen)
    try:
        given = give_to(
            appointment=visit,
            client=chosen,
            desk=request.desk,
            seen=request.POST.get("seen", ""),
            answers=request.POST.dict(),
        )
    except Refused as refused:
        return _sheet(request, visit_or_404(uuid), chosen, error=refused.message, status=422)
    change = Change(Kind.CLIENT, visit, request.desk, None, chosen, request.POST.dict())
    said = f"{when(given)} is {given.client.name}’s now, not {visit.client.name}’s."
    messages.success(request, " ".join([said, *outcomes(change)]))
    return back_to_day(request, given)


@may_edit
@require_http_methods(["GET", "HEAD"])
def clients_for(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The search box's answer: each client leads to the question about them."""
    words = request.GET.get("q", "").strip()[:100]
    visit = visit_or_404(uuid)
    context = {
        "visit": visit,
        "found": _found(words, visit),
        "q": words,
        "is_sheet": request.GET.get("where") == SHEET,
        "came_from": came_from(request),
    }
    return render(request, "appointments/_give_found.html", context)


def _sheet(
    request: DeskRequest,
    visit: Appointment,
    chosen: Client | None,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponseBase:
    words = request.GET.get("q", "").strip()[:100]
    data = request.POST if error else None
    if chosen is not None and chosen.pk == visit.client_id:
        chosen, error, status = None, f"It is {visit.client.name}’s already.", 422
    asked = prompts(Kind.CLIENT, visit, request.desk, data, client=chosen) if chosen else []
    context = {
        "visit": visit,
        "when": when(visit),
        "page_title": "Give to another client",
        "chosen": chosen,
        "prompts": asked,
        "error": error,
        "q": words,
        "found": _found(words, visit),
        "seen": request.POST.get("seen") or fingerprint(visit),
    }
    return sheet_or_page(request, "appointments/_give.html", context, status=status)


def _client(text: str | None) -> Client | None:
    number = whole_number(text)
    return Client.objects.active().filter(pk=number).first() if number else None


def _found(words: str, visit: Appointment) -> list[Client]:
    if not words:
        return []
    return [one for one in find_clients(words, MOST_FOUND) if one.pk != visit.client_id]
