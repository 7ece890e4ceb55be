"""The jobs of imports. The worker runs them; each may be killed and asked for again."""

from django.db.models.functions import Now
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from imports.models import Import, Progress
from salon.jobs import ask_once

AGAIN = 10
"""Seconds until a job looks again whether another import is done."""


@app.task(name="imports.check")
def check(*, import_id: int) -> str:
    """Judge the rows of an import. What it is then."""
    from imports.running import run_check

    return run_check(import_id)


@app.task(name="imports.take_in")
def take_in(*, import_id: int) -> str:
    """Take an import in. What it is then."""
    from imports.running import run_take_in

    return run_take_in(import_id)


@app.task(name="imports.take_back")
def take_back(*, import_id: int) -> str:
    """Take an import back. What it is then."""
    from imports.running import run_take_back

    return run_take_back(import_id)


@app.periodic(cron="40 3 * * *")
@app.task(name="imports.clear", queueing_lock="imports.clear")
def clear(timestamp: int) -> int:
    """Nightly: forget what stood in the rows of old imports. How many imports."""
    from imports.clearing import clear_old

    return clear_old()


def ask(task: Task, import_: Import, wait: int = 0) -> None:
    """Have the worker do this for the import; not twice while one waits."""
    Progress.objects.filter(of=import_).update(
        step="Waiting for the worker", done=0, total=0, at=Now()
    )
    ask_once(
        task, lock=f"{task.name}:{import_.pk}", queue="imports", wait=wait, import_id=import_.pk
    )
