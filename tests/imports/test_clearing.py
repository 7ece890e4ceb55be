"""What stood in the rows is forgotten."""

import pytest

from imports import clearing
from imports.models import Status
from salon import clock
from tests.imports.helpers import CLARA, INES, checked, fresh, taken_back, taken_in
from tests.ledger.books import assert_well


@pytest.mark.django_db
def test_texts_of_old_imports_are_cleared_and_the_books_stay_well(monkeypatch):
    done, lying = taken_in(CLARA, INES), checked(["Ben", "O", "", "", "1"])
    assert clearing.clear_old() == 0
    later = clock.now() + 2 * clearing.KEPT
    monkeypatch.setattr(clearing.clock, "now", lambda: later)
    assert clearing.clear_old() == 2
    assert fresh(lying).status == Status.DISCARDED
    assert list(done.rows.values_list("raw", "email", "amount")) == [
        ([], "", 4000),
        ([], "", -1200),
    ]
    assert clearing.clear_old() == 0
    assert_well()
    monkeypatch.undo()
    assert taken_back(done).status == Status.TAKEN_BACK
