"""A deposit's life in any order (machine_fates.py), each run in a transaction of its own."""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.deposits.machine_fates import FatesMachine
from tests.ledger.books import assert_well


class RolledBack(FatesMachine):
    """It never commits."""

    def __init__(self):
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self):
        try:
            assert_well()
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)


@pytest.mark.django_db
def test_every_cent_of_every_deposit_is_in_exactly_one_place():
    run_state_machine_as_test(
        RolledBack,
        settings=settings(
            max_examples=int(os.environ.get("DEPOSITS_EXAMPLES", "12")),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
