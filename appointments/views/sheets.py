"""A question about a visit: in the frame's sheet, or on a page of its own without script."""

from __future__ import annotations

from collections.abc import Mapping

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from appointments.models import Appointment
from appointments.views.back import BOOK, came_from, day_url, is_in_book
from salon.http import DeskRequest

SHEET = "sheet"


def sheet_or_page(
    request: DeskRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponseBase:
    """`template` is what the sheet holds. Where the book was asked for, the sheet answers instead.

    The template is told `is_sheet`, and `in_book`: its forms answer with the book drawn anew.
    """
    is_sheet = bool(request.htmx) and (request.htmx.target == SHEET or is_in_book(request))
    told = _told(request, context, is_sheet=is_sheet) | {"part": template}
    if not is_sheet:
        return render(request, "appointments/sheet_page.html", told, status=status)
    return reswap(
        retarget(render(request, template, told, status=status), f"#{SHEET}"), "innerHTML"
    )


def form_alone(
    request: DeskRequest, template: str, context: Mapping[str, object]
) -> HttpResponseBase:
    """The form of a sheet or page drawn anew in its place; it says which of the two in `sheet`."""
    is_sheet = bool(request.GET.get("sheet"))
    return render(request, template, _told(request, context, is_sheet=is_sheet))


def _told(
    request: DeskRequest, context: Mapping[str, object], *, is_sheet: bool
) -> dict[str, object]:
    visit = context["visit"]
    assert isinstance(visit, Appointment)
    origin = came_from(request)
    return {
        **context,
        "is_sheet": is_sheet,
        "where": SHEET if is_sheet else "page",
        "in_book": is_sheet and origin == BOOK,
        "came_from": origin,
        "back": day_url(visit, origin),
    }
