"""What the frame of every page shows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from salon import clock, pages, rail, recent, shared_tablet
from salon.desk import Desk
from salon.models import BusinessSettings


def desk(request: HttpRequest) -> dict[str, Any]:
    """The rail, the desk, its location and tills, all locations, the business's name, the role.

    In a demo whose clock was moved also by how many days.
    """
    current: Desk | None = getattr(request, "desk", None)
    found: dict[str, Any] = {
        "business_name": SimpleLazyObject(lambda: BusinessSettings.current().name),
    }
    if current is None:
        return found
    return found | {
        "rail": SimpleLazyObject(lambda: rail.items(request)),
        "desk": current,
        "location": current.location,
        "locations": getattr(request, "locations", []),
        "tills": getattr(request, "tills", []),
        "opens_settings": SimpleLazyObject(
            lambda: current.staff is not None and pages.opens_settings(current.staff)
        ),
        "recent": SimpleLazyObject(lambda: recent.items(request)),
        "pin_minutes": shared_tablet.minutes_of(request),
        "days_ahead": clock.ahead().days,
        "staff_role": SimpleLazyObject(lambda: str(getattr(current.staff, "role", None) or "")),
    }
