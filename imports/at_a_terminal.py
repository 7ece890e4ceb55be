"""What the commands share: who asks, a job that is run here, and how far it is."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import connection

from imports.models import Import, Progress
from salon import permissions
from salon.access import words_for
from salon.models import StaffMember

Say = Callable[[str], object]
EVERY = 1.0
"""Seconds between two looks at the progress."""


def person_named(login: str) -> StaffMember:
    """Who answers for it in the books. CommandError for nobody, and for who may not."""
    staff = StaffMember.objects.filter(username=login, is_active=True).first()
    if staff is None:
        raise CommandError(f"Nobody logs in as {login}. Nothing was done.")
    if not staff.has_perm(permissions.IMPORT_CLIENTS):
        lacks = words_for(permissions.IMPORT_CLIENTS)
        raise CommandError(f"{login} may not: “{lacks}”. Nothing was done.")
    return staff


def ran(import_: Import, job: Callable[[int], str], say: Say) -> Import:
    """Run the job in this process, telling on `say` how far it is; the import as it is then.

    Where the worker is at it, or at another import, wait for that.
    """
    with _told(import_, say):
        job(import_.pk)
        import_.refresh_from_db()
        while import_.is_at_work:
            time.sleep(EVERY)
            import_.refresh_from_db()
    return import_


def agreed(question: str) -> bool:
    """Whether somebody answers yes. Nobody there: no."""
    if not sys.stdin.isatty():
        raise CommandError("Nobody is here to be asked: say --yes. Nothing was done.")
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


@contextmanager
def _told(import_: Import, say: Say) -> Iterator[None]:
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(import_.pk, over, say), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(pk: int, over: threading.Event, say: Say) -> None:
    """In a thread, on a connection of its own: the job's sees nothing until it is over."""
    said = ""
    try:
        while not over.wait(EVERY):
            progress = Progress.objects.filter(pk=pk).first()
            text = _line(progress) if progress else ""
            if text and text != said:
                said = text
                say(text)
    finally:
        connection.close()


def _line(progress: Progress) -> str:
    if not progress.total:
        return progress.step
    return f"{progress.step}: {progress.done:,} of {progress.total:,}, {progress.percent} %"
