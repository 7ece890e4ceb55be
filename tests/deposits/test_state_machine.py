"""A deposit's life in any order (machine_fates.py), each run in a transaction of its own."""

import pytest

from tests.deposits.machine_fates import FatesMachine
from tests.harness import machines
from tests.harness.machines import NothingStays


class RolledBack(FatesMachine, NothingStays):
    """It never commits."""

    def __init__(self):
        super().__init__()
        self.begin()


@pytest.mark.django_db
def test_every_cent_of_every_deposit_is_in_exactly_one_place():
    machines.run(RolledBack, examples=12, steps=25, env="DEPOSITS_EXAMPLES")
