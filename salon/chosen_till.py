"""Which till a device works at: remembered by the device, whoever logs in on it.

A cookie for each location, so that a tablet that is carried to another shop and back still knows.
"""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase

from salon.addresses import whole_number
from salon.models import Location, Till

_A_YEAR = 365 * 24 * 3600


def cookie_of(location: Location) -> str:
    return f"till_{location.pk}"


def among(request: HttpRequest, location: Location, tills: Sequence[Till]) -> Till | None:
    """The till that this device chose, out of those in use; else the first; None without any."""
    chosen = _chosen(request, location)
    return next((till for till in tills if till.pk == chosen), tills[0] if tills else None)


def tell_if_lost(request: HttpRequest, location: Location, till: Till | None) -> bool:
    """Say so where the chosen till is no longer in use and another takes its place.

    One query where it is, none else. True where the device should be told its new till.
    """
    chosen = _chosen(request, location)
    if chosen is None or till is None or till.pk == chosen:
        return False
    lost = location.tills.filter(pk=chosen).first()
    if lost is not None:
        messages.warning(
            request, f"{lost} is no longer used. Cash on this device now goes to {till}."
        )
    return True


def remember(response: HttpResponseBase, till: Till) -> None:
    """Let the device that gets this answer work at that till from here on."""
    response.set_cookie(
        cookie_of(till.location),
        str(till.pk),
        max_age=_A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _chosen(request: HttpRequest, location: Location) -> int | None:
    return whole_number(request.COOKIES.get(cookie_of(location)))
