"""A visit as a calendar file (RFC 5545), for a phone's own calendar. Written by hand: one event.

It says what its client may know: no note of the desk's, no price. Its UID stays when the visit
moves, and its SEQUENCE grows with each move and with the cancellation, so that a calendar that has
it already changes that entry and makes no second one.
"""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from appointments.models import Appointment, AppointmentService
from appointments.times import say_time
from salon import clock, said
from salon.models import BusinessSettings, StaffMember

CONTENT_TYPE = "text/calendar; charset=utf-8"
NAME = "visit.ics"
_OCTETS = 75
"""The longest that a line may be, before its end; longer ones are folded."""
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n", "\r": None})


def calendar_file(visit: Appointment, *, url: str = "") -> str:
    """The whole file, with CRLF line ends. `url`: the client's own page of the visit, if told.

    At most three queries: the services with who gives them (prefetched ones are used), how often
    the visit was moved, the business's name.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Salon desk//Booking//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        *_event(visit, url),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{fold(line)}\r\n" for line in lines)


def fold(line: str) -> str:
    """The line in pieces of at most 75 octets; each further one begins with a blank.

    Never inside a character, however many octets that has.
    """
    pieces, piece, octets = [], "", 0
    for character in line:
        width = len(character.encode())
        if octets + width > _OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += character
        octets += width
    return "\r\n".join([*pieces, piece])


def escape(text: str) -> str:
    """Text as a property's value: backslash, semicolon, comma and line ends are escaped."""
    return text.translate(_ESCAPES)


def _event(visit: Appointment, url: str) -> Iterator[str]:
    rows = list(visit.services.select_related("service", "staff"))
    business = BusinessSettings.current().name
    yield f"UID:{visit.uuid}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}"
    yield f"DTSTAMP:{_utc(clock.now())}"
    yield f"DTSTART:{_utc(visit.starts_at)}"
    yield f"DTEND:{_utc(max([row.ends_at for row in rows], default=visit.starts_at))}"
    yield f"SEQUENCE:{visit.moves.count() + visit.is_gone}"
    yield f"STATUS:{_status(visit)}"
    yield f"SUMMARY:{escape(_summary(rows, business))}"
    place = [business, visit.location.name, visit.location.address]
    yield f"LOCATION:{escape(', '.join(dict.fromkeys(filter(None, place))))}"
    yield f"DESCRIPTION:{escape(_description(visit, rows, url))}"
    if url:
        yield f"URL:{url}"


def _status(visit: Appointment) -> str:
    if visit.is_gone:
        return "CANCELLED"
    return "TENTATIVE" if visit.is_pending else "CONFIRMED"


def _summary(rows: list[AppointmentService], business: str) -> str:
    """Cut & finish and Gloss with Maya · The salon."""
    what = said.listed(row.service.name for row in rows)
    people: dict[int, StaffMember] = {row.staff_id: row.staff for row in rows}
    whom = f" with {next(iter(people.values()))}" if len(people) == 1 else ""
    return f"{what}{whom} · {business}" if what else business


def _description(visit: Appointment, rows: list[AppointmentService], url: str) -> str:
    zone = visit.location.zone
    told = [f"{say_time(row.starts_at, zone)} {row.service.name} with {row.staff}" for row in rows]
    if visit.location.phone:
        told.append(f"Questions: {visit.location.phone}")
    if url:
        told.append(f"Change or cancel: {url}")
    return "\n".join(told)


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
