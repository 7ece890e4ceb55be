"""Who is there in the tests of memberships; a module that needs others has fixtures of its own."""

import pytest

from clients.models import Client
from memberships.models import Membership, Plan
from salon.desk import Desk
from tests.factories import make_client, make_desk
from tests.memberships.members import make_member, make_plan


@pytest.fixture
def desk(db) -> Desk:
    """Olivia at the desk."""
    return make_desk("Olivia")


@pytest.fixture
def clara(db) -> Client:
    return make_client("Clara Nuñez")


@pytest.fixture
def gold(db) -> Plan:
    """$100.00 a month that adds $120.00."""
    return make_plan()


@pytest.fixture
def member(clara, gold) -> Membership:
    """Clara, since today: the first period is paid in cash."""
    return make_member(clara, gold)
