"""The book: a day of everybody, a week of one person."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appointments.views.drawing import PART, asked_by, whole
from salon.http import DeskRequest


@require_safe
def book(request: DeskRequest) -> HttpResponseBase:
    """`?date=`, `?staff=`, `?canceled=1`; what cannot be read is as if it was not there.

    Asked for by htmx, only the part that changes answers, and 204 where `?stamp=` says that nothing
    did. Queries: eight of the board, one for who can be chosen.
    """
    return _shown(request)


@require_safe
def book_week(request: DeskRequest) -> HttpResponseBase:
    """The week of one person around `?date=`: `?staff=`, else the first of the location."""
    return _shown(request)


def _shown(request: DeskRequest) -> HttpResponseBase:
    asked = asked_by(request)
    context = whole(request, asked)
    if request.htmx.target == PART:
        if request.GET.get("stamp") == context["stamp"]:
            return HttpResponse(status=204)
        return render(request, "appointments/_book_part.html", context)
    return render(request, "appointments/book.html", context)
