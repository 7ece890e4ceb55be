"""Whatever people do to a membership, in any order: quotes come true, the schedule stays sane."""

import pytest

from tests.harness import machines
from tests.memberships.machine_changing import Changing


@pytest.mark.django_db
def test_quotes_come_true_and_the_schedule_stays_sane_whatever_happens(processor):
    class Connected(Changing):
        pass

    Connected.processor = processor
    machines.run(Connected, examples=4, steps=25, env="MEMBERSHIPS_EXAMPLES")
