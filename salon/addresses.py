"""Reading what comes with an address: numbers, names of rows, and the page to go back to."""

import datetime as dt
import uuid as uuids

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

YEARS = range(2000, 2200)
"""What addresses may ask for. Nearer to the ends of the calendar, counting days on from a date or
telling it in another zone fails."""


def whole_number(text: str | None) -> int | None:
    """An id out of a query or a form; None for anything that is no id."""
    if text and text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    return None


def uuid_of(text: str | None) -> uuids.UUID | None:
    """None for what is none: addresses, forms and cookies can say anything."""
    try:
        return uuids.UUID(text or "")
    except ValueError:
        return None


def day_and_ids(text: str) -> tuple[dt.date, int, int] | None:
    """Where a page of rows by day ends: 2026-11-24.120.4; None for what is no such place."""
    day, *ids = text.split(".")
    numbers = [number for each in ids if (number := whole_number(each)) is not None]
    if len(ids) != 2 or len(numbers) != 2:
        return None
    try:
        return dt.date.fromisoformat(day), numbers[0], numbers[1]
    except ValueError:
        return None


def our_own(request: HttpRequest, address: str | None) -> str:
    """The address when it leads to a page of ours, else nothing: nobody is sent elsewhere."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return (address or "") if is_ours else ""
