"""Processes that live and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType

from tools import ROOT

GRACE_SECONDS = 15


class Children:
    """Start processes, wait until somebody says stop or one of them ends, stop them all."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.asked_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)

    def start(self, name: str, command: list[str]) -> None:
        """Start one. It gets a session of its own: Ctrl-C reaches it from us only, in order."""
        self.running[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True
        )

    def first_dead(self) -> str | None:
        """The name of a process that has ended by itself, None while all live."""
        return next((name for name, it in self.running.items() if it.poll() is not None), None)

    def wait(self, outside: Callable[[], str | None]) -> str | None:
        """Wait until asked to stop (None) or until one ended: its name, or what `outside` says."""
        while not self.asked_to_stop:
            dead = self.first_dead() or outside()
            if dead and not self.asked_to_stop:
                return dead
            time.sleep(0.2)
        return None

    def stop(self) -> None:
        """Ask all to end, newest first, and kill who has not after a while."""
        for process in reversed(self.running.values()):
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _kill_group(process.pid)
            process.wait()
        self.running.clear()

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True


def _kill_group(leader: int) -> None:
    """Kill what is left of a session: the leader, or workers that outlived a killed leader."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
