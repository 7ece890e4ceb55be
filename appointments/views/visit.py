"""One visit in a sheet of the book: who, what, when, what is held, and what one may do now."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from appointments.times import say_time, when
from appointments.views.acts import visit_or_404
from appointments.views.sheets import sheet_or_page
from salon.http import DeskRequest


@require_safe
def visit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """What is known of a visit, with the acts that are possible now. Four queries."""
    found = visit_or_404(uuid)
    zone = found.location.zone
    parts = [
        {
            "service": part.service,
            "staff": part.staff,
            "time": say_time(part.starts_at, zone),
            "minutes": int((part.ends_at - part.starts_at).total_seconds() // 60),
        }
        for part in found.services.all()
    ]
    context = {"visit": found, "when": when(found), "parts": parts}
    return sheet_or_page(request, "appointments/_visit.html", context)
