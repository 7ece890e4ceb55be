"""A day in the book: Tuesday the 24th of November at Midtown."""

import datetime as dt
import zoneinfo

import pytest

from appointments.segments import Wanted
from tests.factories import make_desk, make_location, make_service, make_staff

DAY = dt.date(2026, 11, 24)
ZONE = zoneinfo.ZoneInfo("America/New_York")


def at(hour: int, minute: int = 0, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=ZONE)


@pytest.fixture
def desk(db):
    return make_desk(at=at(9))


@pytest.fixture
def maya(db):
    return make_staff("Maya", location=make_location())


@pytest.fixture
def theo(db):
    return make_staff("Theo", location=make_location())


@pytest.fixture
def cut(db):
    return make_service("Cut & finish", minutes=60)


@pytest.fixture
def color(db):
    return make_service("Root color", 95, minutes=90)


@pytest.fixture
def wanted(maya, cut):
    """A cut by Maya."""
    return [Wanted(cut, maya)]
