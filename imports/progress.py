"""How far a job is, told beside its one transaction: on a connection of its own, at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection

from imports.models import Import

EVERY = 0.5
"""Seconds between two tellings."""

_TELL = """update imports_progress
    set step = %s, done = %s, total = %s, at = clock_timestamp() where of_id = %s"""


@dataclass
class Telling:
    """Told by the job. Whether anybody hears it changes nothing for the job."""

    import_id: int
    beside: Any
    step: str = ""
    done: int = 0
    total: int = 0
    told_at: float = field(default=0.0)

    def begin(self, step: str, total: int) -> None:
        """A step of so many rows begins."""
        self.step, self.done, self.total = step, 0, total
        self._tell()

    def add(self, done: int) -> None:
        """So many more are done."""
        self.done += done
        if time.monotonic() - self.told_at >= EVERY:
            self._tell()

    def _tell(self) -> None:
        self.told_at = time.monotonic()
        with suppress(DatabaseError), self.beside.cursor() as cursor:
            cursor.execute(_TELL, [self.step, self.done, self.total, self.import_id])


@contextmanager
def telling(import_: Import) -> Iterator[Telling]:
    """Tell how far the job for this import is, until the block ends."""
    beside = connection.copy()
    try:
        yield Telling(import_.pk, beside)
    finally:
        with suppress(DatabaseError):
            beside.close()
