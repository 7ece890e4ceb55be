"""Moving a visit as it is: dropped in the book, taken from the next free times, or moved back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from appointments.booking import fingerprint
from appointments.changes import Change, Kind, Prompt, outcomes, prompts
from appointments.errors import Busy, Refused
from appointments.models import Appointment
from appointments.move_form import MoveForm
from appointments.moving import move
from appointments.times import said_from, when
from appointments.views.acts import may_edit, visit_or_404
from appointments.views.back import back_to_day
from appointments.views.sheets import sheet_or_page
from salon.http import DeskRequest


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def move_visit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """`start`, and `staff-<a service's id>` for whoever gives it instead.

    GET asks first. POST moves at once, unless an upper floor has something to ask about it and
    `asked` does not say that it was.
    """
    visit = visit_or_404(uuid)
    form = MoveForm(request.POST if request.method == "POST" else request.GET, visit=visit)
    if not form.is_valid():
        return _sheet(request, visit, form, error=form.problem, status=422)
    if request.method != "POST":
        return _sheet(request, visit, form)
    is_asked = bool(request.POST.get("asked"))
    if not is_asked and any(one.is_question for one in _prompts(request, visit, form)):
        return _sheet(request, visit, form)
    try:
        moved = _moved(request, visit, form)
    except Refused as refused:
        fresh = visit_or_404(uuid)
        free = refused.next_frees if isinstance(refused, Busy) else []
        free = [one for one in free if one != fresh.starts_at]
        return _sheet(request, fresh, form, error=refused.message, free=free, status=422)
    messages.success(request, _told(request, visit, moved))
    return back_to_day(request, moved)


def _moved(request: DeskRequest, visit: Appointment, form: MoveForm) -> Appointment:
    return move(
        appointment=visit,
        starts_at=form.starts_at,
        staff=form.staff,
        desk=request.desk,
        seen=form.cleaned_data["seen"],
        answers=request.POST.dict(),
    )


def _prompts(request: DeskRequest, visit: Appointment, form: MoveForm) -> list[Prompt]:
    """What is asked about another start; another person alone moves nothing that is held."""
    if form.starts_at == visit.starts_at:
        return []
    data = request.POST if request.POST.get("asked") else None
    return prompts(Kind.MOVED, visit, request.desk, data, starts_at=form.starts_at)


def _sheet(
    request: DeskRequest,
    visit: Appointment,
    form: MoveForm,
    *,
    error: str = "",
    free: list[dt.datetime] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    context: dict[str, object] = {
        "visit": visit,
        "when": when(visit),
        "form": form,
        "error": error,
        "page_title": "This visit was not moved" if error else "Move this visit?",
        "is_over": not visit.is_open,
    }
    if form.is_valid():
        context |= {
            "to": _when(form.starts_at, visit),
            "prompts": _prompts(request, visit, form),
            "free": [
                (one.isoformat(), said_from(one, form.starts_at, visit.location))
                for one in free or []
            ],
        }
    return sheet_or_page(request, "appointments/_move.html", context, status=status)


def _when(moment: dt.datetime, visit: Appointment) -> str:
    return when(Appointment(location=visit.location, starts_at=moment))


def _told(request: DeskRequest, before: Appointment, moved: Appointment) -> SafeString:
    """What happened, with the way back: the old start and people, by the services' ids of now."""
    rows = list(moved.services.select_related("staff"))
    was = list(before.services.all())
    change = Change(Kind.MOVED, before, request.desk, moved.starts_at, answers=request.POST.dict())
    context = {
        "visit": moved,
        "outcomes": outcomes(change),
        "when": when(moved),
        "with": ", ".join(dict.fromkeys(row.staff.name for row in rows)),
        "start": before.starts_at.isoformat(),
        "staff": [(row.pk, old.staff_id) for row, old in zip(rows, was, strict=False)],
        "seen": fingerprint(moved),
    }
    return mark_safe(  # nosec: rendered, and so escaped, by the template
        render_to_string("appointments/_moved.html", context, request)
    )
