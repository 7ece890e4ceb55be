"""The demo's own clock: a small file under var/ says how many days it is ahead of the world's.

Every process on the same database reads it, so that pages, jobs and commands live on one day. It
only goes forward, and begins anew with the salon.
"""

import datetime as dt
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from salon import clock

Seen = tuple[Path, int, int]
_read: tuple[Seen | None, dt.timedelta] = (None, dt.timedelta(0))
"""The file as it was when it was last read, and what it said."""


class BusyError(Exception):
    """Somebody else is moving the clock."""


def ahead() -> dt.timedelta:
    """How far the clock is moved. Reads the file only when it is another than the last time."""
    global _read
    path: Path = settings.DEMO_CLOCK
    try:
        found = path.stat()
    except FileNotFoundError:
        return dt.timedelta(0)
    seen = path, found.st_ino, found.st_mtime_ns
    if _read[0] != seen:
        _read = seen, dt.timedelta(days=int(path.read_text()))
    return _read[1]


def one_day() -> None:
    """Move the clock on by a day, for everybody at once. Inside `alone`."""
    path: Path = settings.DEMO_CLOCK
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(str(ahead().days + 1))
    beside.replace(path)


def begin_anew() -> None:
    """The world's time again: for a salon that is new."""
    settings.DEMO_CLOCK.unlink(missing_ok=True)


@contextmanager
def living_at(moment: dt.datetime) -> Iterator[None]:
    """For this process it is that moment when the block begins: to make what lies behind."""
    gap = moment - timezone.now()
    clock.move_by(lambda: gap)
    try:
        yield
    finally:
        clock.move_by(ahead)


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else moves the clock while the block lasts. BusyError where somebody does."""
    path: Path = settings.DEMO_CLOCK
    path.parent.mkdir(exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        yield
