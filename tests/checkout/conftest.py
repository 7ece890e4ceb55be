"""Who is there in checkout's tests; a module that needs others has fixtures of its own."""

import pytest

from tests.factories import make_client, make_desk, make_staff


@pytest.fixture
def desk(db):
    return make_desk("Olivia")


@pytest.fixture
def clara(db):
    return make_client("Clara Nuñez")


@pytest.fixture
def maya(desk):
    return make_staff("Maya")


@pytest.fixture
def theo(desk):
    """Here the house pays him; with an account of his own he is in charges/."""
    return make_staff("Theo", merchant_account=None)
