"""Jobs for the worker, asked for where something happens: none is done of what is rolled back."""

from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task
from procrastinate.types import TimeDeltaParams


def ask_once(task: Task, *, lock: str, queue: str, wait: int = 0, **said: Any) -> None:
    """Have the job done, in `wait` seconds; not twice while one of the same `lock` waits.

    `said` is what the job is told. A twin leaves the caller's transaction as it was.
    """
    later: TimeDeltaParams | None = {"seconds": wait} if wait else None
    try:
        with transaction.atomic():
            task.configure(queue=queue, queueing_lock=lock, schedule_in=later).defer(**said)
    except AlreadyEnqueued:
        pass
