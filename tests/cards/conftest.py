"""Jo at the desk, Clara, what cards pay for in these tests, and their checks alone."""

import pytest

from cards import purposes
from cards import verifying as of_cards
from clients.models import Client
from ledger import verifying
from salon.desk import Desk
from tests.cards.paying import PURPOSE, Paying
from tests.factories import make_client, make_desk


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk("Jo")


@pytest.fixture
def clara(db: None) -> Client:
    return make_client("Clara Nuñez")


@pytest.fixture
def paying(monkeypatch: pytest.MonkeyPatch) -> Paying:
    """A purpose that posts what is paid to open orders and remembers what it was told.

    Without the checks of upper floors: here open orders hold money of no order at all.
    """
    purpose = Paying()
    monkeypatch.setitem(purposes._purposes, PURPOSE, purpose)
    own = {name: query for name, query in verifying._checks.items() if name in of_cards.CHECKS}
    monkeypatch.setattr(verifying, "_checks", {**verifying.CHECKS, **own})
    return purpose
