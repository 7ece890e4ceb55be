"""The process dies at any step of its talk with the processor."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cards import gateways


class Killed(BaseException):
    """Power is cut: no handler of the program's takes notice."""


class Deadly:
    """The gateway, and the last thing that the process does: before a call, or right after it."""

    def __init__(self, gateway, steps: int) -> None:
        self._gateway, self._left = gateway, steps

    def __getattr__(self, name: str):
        real = getattr(self._gateway, name)
        if not callable(real):
            return real

        def call(*given, **named):
            self._step()
            try:
                return real(*given, **named)
            finally:
                self._step()

        return call

    def _step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Killed


@contextmanager
def killed_after(steps: int) -> Iterator[list[bool]]:
    """The process dies at this step; the list tells afterwards whether it came that far."""
    died = [False]
    deadly = Deadly(gateways.current(), steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gateways, "current", lambda: deadly)
        try:
            yield died
        except Killed:
            died[0] = True
