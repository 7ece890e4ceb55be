"""What goes wrong on request, for the next calls to a path."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class How(StrEnum):
    """The ways to fail."""

    CLOSE = "close"
    """Nothing is done, and the connection closes without an answer."""
    ERROR = "500"
    """Nothing is done; the key may be used again."""
    KEPT_ERROR = "kept_500"
    """Nothing is done, and the key is answered with 500 for good, as Stripe keeps it."""
    BUSY = "429"
    """Nothing is done: asked too often."""
    HELD = "held"
    """It is done only when it is released: who asked has long gone away."""
    SLOW = "slow"
    """It is done at once; the answer comes after so many seconds, or when it is released."""
    LOST = "lost"
    """It is done, and the connection closes without an answer. The key replays the answer."""
    DONE_ERROR = "done_500"
    """It is done, and answered with 500, for its key for good, as Stripe keeps it."""


@dataclass
class Fault:
    """One thing that goes wrong for the next `times` calls that match; below zero: for all."""

    how: How
    path: str
    method: str = "*"
    times: int = 1
    seconds: float = 3600.0

    def matches(self, method: str, path: str) -> bool:
        """True for a call that this is meant for."""
        return self.times != 0 and fnmatchcase(path, self.path) and self.method in {"*", method}


class Faults:
    """The faults that are waiting for their call."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self._lock = threading.Lock()
        self._released = threading.Event()

    def add(self, fault: Fault) -> None:
        """Let something go wrong."""
        with self._lock:
            self._released.clear()
            self.waiting.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """What goes wrong with this call, the oldest that fits; it is used up."""
        with self._lock:
            for fault in self.waiting:
                if fault.matches(method, path):
                    fault.times -= 1
                    return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more; who waits goes on."""
        with self._lock:
            self.waiting.clear()
        self.release()

    def release(self) -> None:
        """Let what is held or slow go on."""
        self._released.set()

    def wait(self, seconds: float) -> None:
        """Wait until released, at most so long."""
        self._released.wait(seconds)
