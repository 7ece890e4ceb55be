"""Clara's sale of $85.00 with Maya, Jo at the desk, the test processor connected."""

import pytest

from tests.checkout.charges.going_back import theo_of_his_own
from tests.checkout.charges.helpers import sale_for
from tests.checkout.till import Till
from tests.factories import make_client, make_desk


@pytest.fixture
def desk(db):
    return make_desk("Jo")


@pytest.fixture
def clara(db):
    return make_client("Clara Nuñez")


@pytest.fixture
def order(processor, desk, clara):
    return sale_for(desk, clara)


@pytest.fixture
def till(order, desk):
    return Till(order, desk.staff)


@pytest.fixture
def account(desk):
    """Theo's own, connected to the processor."""
    return theo_of_his_own()
