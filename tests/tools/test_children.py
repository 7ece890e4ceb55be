"""Processes that live and end together."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from tools import ROOT

SUPERVISE = """
import os, sys, time
from tools.children import Children
children = Children(os.environ)
children.start("one", ["sleep", "60"])
children.start("two", ["sh", "-c", "sleep 60 & wait"])
print(*(it.pid for it in children.running.values()), flush=True)
print(children.wait(lambda: None), flush=True)
children.stop()
"""


@pytest.fixture
def supervisor():
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    process.pids = [int(word) for word in process.stdout.readline().split()]
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    # Killed, it stops nothing: a test that fails half-way leaves its children to us.
    for pid in process.pids:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def gone(pid: int) -> bool:
    """True when nothing of the process's session is left, after a moment's patience."""
    for _ in range(50):
        try:
            os.killpg(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_them_all(supervisor, number):
    supervisor.send_signal(number)
    assert supervisor.stdout.readline() == "None\n"
    assert supervisor.wait(20) == 0
    assert all(map(gone, supervisor.pids))


def test_when_one_ends_it_is_named_and_the_rest_is_stopped(supervisor):
    os.kill(supervisor.pids[1], signal.SIGKILL)
    assert supervisor.stdout.readline() == "two\n"
    assert supervisor.wait(20) == 0
    assert all(map(gone, supervisor.pids))
