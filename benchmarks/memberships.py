"""Renewals through `renew_due`, the card processor's stand-in answering at once over HTTP.

Three salons with so many memberships each, of which the same number is due: what one renewal costs
must not depend on how many memberships there are. Their rounds take turns, since a shared machine
drifts; a ratio is of two figures of one round.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import servers
from benchmarks.renewing import DUE, PATIENCE_SECONDS
from tools import ROOT, postgres
from tools.cluster import Cluster

EXISTING = [100, 1_000, 10_000]
ROUNDS = 5
MOST = 1.25
"""So many times what a renewal costs among a hundred it may cost among ten thousand."""
LOAD = "import benchmarks.renewing as r; r.load({existing})"
PROBE = "import benchmarks.renewing as r; r.probe()"
KEYS = {"STRIPE_SECRET_KEY": "sk_test_benchmark", "STRIPE_WEBHOOK_SECRET": "whsec_benchmark"}


def measure(cluster: Cluster) -> list[tuple[str, float, str, str]]:
    """Rows of (what, renewals a second, cost beside that among the fewest, target)."""
    rates: dict[int, list[float]] = {existing: [] for existing in EXISTING}
    with _processor() as base:
        for existing in EXISTING:
            _fresh(cluster, existing)
            _run(cluster, existing, base, LOAD.format(existing=existing))
            cluster.sql("vacuum analyze", _name(existing))
        for number in range(ROUNDS):
            # There and back: nobody is always the last one.
            for existing in EXISTING[:: -1 if number % 2 else 1]:
                said = _run(cluster, existing, base, PROBE)
                rates[existing].append(json.loads(said.splitlines()[-1]))
            print(f"  round {number + 1} of {ROUNDS}", {k: round(v[-1]) for k, v in rates.items()})
    return [_row(existing, rates) for existing in EXISTING]


def _row(existing: int, rates: dict[int, list[float]]) -> tuple[str, float, str, str]:
    few = rates[EXISTING[0]]
    costs = [base / rate for base, rate in zip(few, rates[existing], strict=True)]
    middle = statistics.median(costs)
    is_base = existing == EXISTING[0]
    ratio = "1.00" if is_base else f"{middle:.2f} ({min(costs):.2f} to {max(costs):.2f})"
    what = f"{DUE} renewals among {existing:,} memberships"
    return what, statistics.median(rates[existing]), ratio, "" if is_base else f"≤ {MOST}"


def _name(existing: int) -> str:
    return f"members_bench_{existing}"


def _fresh(cluster: Cluster, existing: int) -> None:
    """A copy of the loaded salon, nobody a member yet."""
    name = _name(existing)
    cluster.sql(f"drop database if exists {name} with (force)")
    cluster.sql(f"create database {name} template {servers.SALON} owner {postgres.OWNER}")
    postgres.prepare(cluster, name)


def _run(cluster: Cluster, existing: int, base: str, code: str) -> str:
    """In a process of its own, with the web's login and the stand-in; what it printed."""
    urls = postgres.urls(cluster, _name(existing))
    environment = servers.environment(cluster) | urls | KEYS | {"STRIPE_API_BASE": base}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


@contextmanager
def _processor() -> Iterator[str]:
    """The stand-in, in a process of its own, its books in memory; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "testprocessor", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
