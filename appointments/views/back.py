"""Where one goes after an act: to the day of the visit, at its row."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from appointments.models import Appointment
from salon import clock
from salon.http import DeskRequest


def day_url(visit: Appointment) -> str:
    """The day that the visit is on, by its location's business day."""
    day = clock.business_date(visit.location, visit.starts_at)
    today = clock.business_date(visit.location)
    return reverse("appointments:today") + ("" if day == today else f"?date={day}")


def back_to_day(request: DeskRequest, visit: Appointment) -> HttpResponseBase:
    return go(request, f"{day_url(visit)}#visit-{visit.uuid}")


def go(request: DeskRequest, address: str) -> HttpResponseBase:
    """To another page, also for a form that htmx sent."""
    if request.htmx:
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
