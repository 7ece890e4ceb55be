"""State machines: how long they run, and how a run leaves nothing behind."""

import os
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.ledger.books import assert_well


def run(machine: type[RuleBasedStateMachine], *, examples: int, steps: int, env: str = "") -> None:
    """So many runs of so many steps; `env` names a variable that may say how many."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get(env, examples)),
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


class NothingStays(RuleBasedStateMachine):
    """Each run is a transaction, from `begin`, that never commits."""

    def begin(self, *, calls_out: bool = False) -> None:
        """`calls_out`: the processor is called, for which the transaction does not count."""
        self.frame: Any = transaction.atomic()
        self.frame._from_testcase = calls_out
        self.frame.__enter__()

    def teardown(self) -> None:
        if not hasattr(self, "frame"):
            return
        try:
            self.everything_ends_right()
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    def everything_ends_right(self) -> None:
        """What is left to do at the end of a run, and what holds then."""
        assert_well()
