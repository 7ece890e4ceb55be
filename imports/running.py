"""What the jobs do around the acts: one import at a time, and what went wrong is kept in words."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from procrastinate.tasks import Task

from imports import tasks
from imports.checking import check
from imports.errors import Refused
from imports.models import Import, Status
from imports.taking_back import undo
from imports.taking_in import take_in

logger = logging.getLogger(__name__)
BROKE = (
    "The program broke off, and nothing of the import is in. Try again; if it happens again, the "
    "program’s log names the reason."
)


def run_check(import_id: int) -> str:
    """Check, or say on the import why not."""
    return _run(import_id, check, tasks.check, Status.CHECKING, Status.FAILED)


def run_take_in(import_id: int) -> str:
    """Take in, or say on the import why not: then nothing is in."""
    return _run(import_id, take_in, tasks.take_in, Status.IMPORTING, Status.FAILED)


def run_take_back(import_id: int) -> str:
    """Take back, or say on the import why not: then everything is still in."""
    return _run(import_id, undo, tasks.take_back, Status.TAKING_BACK, Status.DONE)


def _run(
    import_id: int, act: Callable[[Import], Import], task: Task, during: str, otherwise: str
) -> str:
    import_ = Import.objects.get(pk=import_id)
    with _alone() as is_alone:
        if not is_alone:
            tasks.ask(task, import_, wait=tasks.AGAIN)
            return import_.status
        try:
            return act(import_).status
        except Refused as refused:
            return _failed(import_, refused.message, during, otherwise)
        except Exception:
            logger.exception("Import %s: %s broke off", import_id, task.name)
            return _failed(import_, BROKE, during, otherwise)


def _failed(import_: Import, error: str, during: str, otherwise: str) -> str:
    Import.objects.filter(pk=import_.pk, status=during).update(status=otherwise, error=error)
    import_.refresh_from_db()
    return import_.status


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other job of imports runs. Ends with the connection, should it be killed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended('imports', 0))")
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(hashtextextended('imports', 0))")
