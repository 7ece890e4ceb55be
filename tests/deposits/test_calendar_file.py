"""A visit in a phone's own calendar: RFC 5545 as its examples write it, and nothing private."""

import datetime as dt
import re

import pytest

from appointments.booking import book, change
from appointments.canceling import cancel
from appointments.segments import Wanted
from deposits.booking.calendar_file import calendar_file, escape, fold
from salon.models import BusinessSettings
from tests.deposits.own import STARTS
from tests.factories import make_client, make_desk, make_location, make_service, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands")]


@pytest.fixture
def visit(settings):
    settings.PUBLIC_URL = "https://book.juniper.example"
    BusinessSettings.objects.update(name="Juniper & Co., hair; nails")
    desk = make_desk("Jo")
    maya, theo = make_staff("Maya"), make_staff("Theo")
    wanted = [Wanted(make_service(), maya), Wanted(make_service("Gloss", 40, minutes=30), theo)]
    return book(
        client=make_client("Clara Nuñez"),
        starts_at=STARTS,
        services=wanted,
        desk=desk,
        note="Allergic to PPD. Difficult.",
    )


def read(text: str) -> dict[str, str]:
    """As a calendar reads it: unfolded, each property by its name, text unescaped."""
    lines = text.replace("\r\n ", "").split("\r\n")
    found = dict(line.split(":", 1) for line in lines if ":" in line)
    plain = {"\\n": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
    return {
        name: re.sub(r"\\[n,;\\]", lambda escaped: plain[escaped[0]], value)
        for name, value in found.items()
    }


def test_it_says_when_where_and_what(visit):
    found = read(calendar_file(visit, url="https://book.juniper.example/visit/x/"))
    assert found["DTSTART"] == "20261124T201500Z"
    assert found["DTEND"] == "20261124T214500Z"
    assert found["DTSTAMP"] == "20261116T150000Z"
    assert found["SUMMARY"] == "Cut & finish and Gloss · Juniper & Co., hair; nails"
    assert found["LOCATION"] == (
        "Juniper & Co., hair; nails, Midtown, 12 West 38th Street, New York"
    )
    assert found["DESCRIPTION"].split("\n") == [
        "3:15 pm Cut & finish with Maya",
        "4:15 pm Gloss with Theo",
        "Questions: (212) 555-0100",
        "Change or cancel: https://book.juniper.example/visit/x/",
    ]
    assert found["STATUS"] == "CONFIRMED"
    assert found["URL"] == "https://book.juniper.example/visit/x/"


def test_a_note_of_the_desk_and_the_client_are_not_in_it(visit):
    text = calendar_file(visit)
    assert "PPD" not in text and "Clara" not in text


def test_with_one_person_alone_they_are_in_its_title():
    visit = book(
        client=make_client(),
        starts_at=STARTS,
        services=[Wanted(make_service(), make_staff("Maya"))],
        desk=make_desk("Jo"),
    )
    assert read(calendar_file(visit))["SUMMARY"] == "Cut & finish with Maya · The salon"


def test_a_moved_visit_is_the_same_event_again(visit):
    before = read(calendar_file(visit))
    moved = change(
        appointment=visit,
        starts_at=STARTS + dt.timedelta(days=1),
        services=[Wanted(make_service(), make_staff("Maya"))],
        desk=make_desk("Jo"),
    )
    after = read(calendar_file(moved))
    assert after["UID"] == before["UID"] == f"{visit.uuid}@book.juniper.example"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert after["DTSTART"] == "20261125T201500Z"


def test_a_canceled_visit_takes_the_event_away(visit):
    gone = cancel(appointment=visit, reason="", desk=make_desk("Jo"), answers={})
    found = read(calendar_file(gone))
    assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", "1")


def test_lines_end_as_the_standard_says_and_are_at_most_75_octets(visit):
    BusinessSettings.objects.update(name="Jünïper " * 12)
    lines = calendar_file(visit).encode().split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()  # No character was cut in two.


def test_folding_as_in_the_standards_own_example():
    # RFC 5545, 3.1: a long line may be split between any two characters by CRLF and one blank.
    line = "DESCRIPTION:This is a long description that exists on a long line." * 2
    folded = fold(line)
    assert folded.replace("\r\n ", "") == line
    assert folded.split("\r\n")[1].startswith(" ")


def test_escaping_as_in_the_standards_own_example():
    # RFC 5545, 3.3.11
    typed = "Project XYZ Final Review\nConference Room - 3B\nCome Prepared."
    assert escape(typed) == (r"Project XYZ Final Review\nConference Room - 3B\nCome Prepared.")
    assert escape("a\\b;c,d\r\ne") == r"a\\b\;c\,d\ne"


def test_what_somebody_named_a_service_adds_no_line_of_its_own(visit):
    service = visit.services.first().service
    service.name = "Cut\r\nATTENDEE:mailto:evil@example.com"
    service.save()
    text = calendar_file(visit)
    assert "\r\nATTENDEE" not in text


def test_it_takes_few_queries(visit, django_assert_num_queries):
    with django_assert_num_queries(3):
        calendar_file(visit)


def test_a_location_named_as_the_business_is_named_once(visit):
    BusinessSettings.objects.update(name="Midtown")
    assert read(calendar_file(visit))["LOCATION"] == "Midtown, 12 West 38th Street, New York"
    assert make_location().address
