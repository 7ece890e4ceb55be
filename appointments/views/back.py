"""Where one goes after an act: to the day of the visit, at its place there."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from appointments.models import Appointment
from appointments.views.drawing import PART, book_again
from salon import clock
from salon.http import DeskRequest

BOOK = "book"
"""What a form says in `back` that was opened from the book; others come from Today."""


def came_from(request: DeskRequest) -> str:
    """BOOK, or nothing."""
    back = request.POST.get("back") or request.GET.get("back")
    return BOOK if back == BOOK else ""


def day_url(visit: Appointment, back: str = "") -> str:
    """The day that the visit is on, by its location's business day: Today, or the book."""
    day = clock.business_date(visit.location, visit.starts_at)
    today = clock.business_date(visit.location)
    page = reverse("appointments:book" if back == BOOK else "appointments:today")
    return page + ("" if day == today else f"?date={day}")


def is_in_book(request: DeskRequest) -> bool:
    """Whether htmx asks for the book as it is after the act."""
    return bool(request.htmx) and request.htmx.target == PART


def back_to_day(request: DeskRequest, visit: Appointment) -> HttpResponseBase:
    """The book drawn anew where the act began on it, else the page of the day."""
    if is_in_book(request):
        return book_again(request)
    return go(request, f"{day_url(visit, came_from(request))}#visit-{visit.uuid}")


def go(request: DeskRequest, address: str) -> HttpResponseBase:
    """To another page, also for a form that htmx sent."""
    if not request.htmx:
        return HttpResponseRedirect(address)
    page, _, _ = address.partition("#")
    here, _, _ = (request.htmx.current_url_abs_path or "").partition("#")
    # To another place on the page that one is on, a browser only scrolls: it would show what was.
    return HttpResponseClientRedirect(page if page == here else address)
