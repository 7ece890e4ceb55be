"""Olivia at the desk, Clara, and a visit of hers in three days: unless a test says otherwise."""

from collections.abc import Iterator

import pytest
import time_machine

from appointments.models import Appointment
from clients.models import Client
from salon.desk import Desk
from tests.deposits.money import make_visit
from tests.deposits.own import NOW
from tests.factories import make_client, make_desk


@pytest.fixture
def desk(db) -> Desk:
    return make_desk("Olivia")


@pytest.fixture
def clara(db) -> Client:
    return make_client("Clara Nuñez")


@pytest.fixture
def visit(clara) -> Appointment:
    return make_visit(clara)


@pytest.fixture
def clock_stands() -> Iterator[time_machine.Traveller]:
    """At NOW, until the test moves it on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
