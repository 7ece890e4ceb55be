"""Today: the visits of the current location on one day."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appointments.day import day_of, staff_of_day
from salon import clock
from salon.addresses import whole_number
from salon.http import DeskRequest

FIRST, LAST = dt.date(2000, 1, 2), dt.date(2100, 12, 30)


@require_safe
def today(request: DeskRequest) -> HttpResponse:
    """`?date=`, `?staff=` and `?q=` narrow it down; what cannot be read is as if it was not there.

    Asked for by htmx, only the list answers. Queries: staff, visits, their services with names.
    """
    location = request.desk.location
    asked = request.GET.get("date", "")
    staff_id = whole_number(request.GET.get("staff"))
    words = request.GET.get("q", "").strip()[:100]
    day = day_of(
        location,
        asked_day(asked) or clock.business_date(location, request.desk.at),
        staff_id=staff_id,
        words=words,
    )
    context = {"day": day, "staff_id": staff_id, "q": words, "filtered": bool(staff_id or words)}
    if request.htmx.target == "visits":
        return render(request, "appointments/_visits.html", context)
    return render(
        request,
        "appointments/today.html",
        {**context, "people": staff_of_day(location, staff_id)},
    )


def asked_day(text: str) -> dt.date | None:
    """A day of an address; None for what is none, or lies beyond any book."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
