"""Lists of one location or of all: `?at=` in the address, else the desk's own location."""

from __future__ import annotations

from collections.abc import Callable

from salon.addresses import whole_number
from salon.http import DeskRequest
from salon.models import Location

EVERYWHERE = "all"


def place_asked(request: DeskRequest) -> Location | None:
    """The location that the address names; the desk's own where it names none; None: all."""
    asked = request.GET.get("at", "")
    if asked == EVERYWHERE:
        return None
    named = whole_number(asked)
    return next((one for one in request.locations if one.pk == named), request.desk.location)


def places_to_choose(
    request: DeskRequest, place: Location | None, address: Callable[[str], str]
) -> list[dict[str, object]]:
    """Each location, and all of them; nothing to choose from where there is one.

    `address` makes one of what `?at=` shall be.
    """
    if len(request.locations) < 2:
        return []
    one = [
        {"label": str(each), "url": address(str(each.pk)), "current": each == place}
        for each in request.locations
    ]
    everywhere = {"label": "Everywhere", "url": address(EVERYWHERE), "current": place is None}
    return [*one, everywhere]
