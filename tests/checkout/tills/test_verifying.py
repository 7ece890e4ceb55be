"""The tills' checks of the books: each finds its own fault and names the till."""

import pytest

from checkout.tills.verifying import CHECKS
from ledger.verifying import verify
from tests.checkout.helpers import order_with, pay
from tests.checkout.tills.acts import closes, opens, pays_in, pays_out
from tests.factories import make_desk


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


@pytest.fixture
def closed(desk):
    session = opens(desk, 100)
    pay(order_with(desk, service=85), "cash", 85, desk)
    pays_out(desk, 15)
    pays_in(desk, 5)
    return closes(desk, session, "174.00", 100)


def findings():
    return {r.check: r.named for r in verify() if r.check in CHECKS and r.wrong}


def test_all_is_well_and_each_check_looked_at_something(closed):
    looked_at = {result.check: result.looked_at for result in verify()}
    assert findings() == {}
    assert all(looked_at[check] for check in CHECKS)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("update checkout_tillsession set counted = counted + 1, left_in = left_in + 1", 0),
        ("update checkout_tillsession set left_in = left_in + 1", 0),
        (
            "update checkout_tillsession set expected = expected + 1, counted = counted + 1,"
            " left_in = left_in + 1",
            1,
        ),
        ("update checkout_tillsession set float = float - 1", 1),
        ("update checkout_cashmovement set amount = amount + 1 where direction = 'in'", 2),
        ("update checkout_cashmovement set direction = 'in' where direction = 'out'", 2),
    ],
)
def test_each_check_finds_its_fault_and_names_the_till(
    closed, committing_db, connect, fault, check
):
    connect(committing_db.superuser_url).execute(fault)
    name = list(CHECKS)[check]
    found = findings()
    assert list(found) == [name]
    assert "Front" in found[name][0]
