"""Posting from Django with eight clients against pgbench's TPC-B on the same server.

What a shared machine gives drifts by a factor of two within a run. So each round measures all of
them one right after the other, a ratio is of two figures of one round, and the table has the median
of the rounds' ratios, with the lowest and the highest.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence

from benchmarks import hordak, servers
from tools import ROOT
from tools.cluster import Cluster

WORKERS = 8
ROUNDS = 9
SECONDS = 4
SCENARIOS = ["spread", "one client", "one house account"]
TARGETS = {"spread": 0.8, "one client": 0.5, "one house account": 0.8}
CEILING_TARGET = 0.33
HORDAK_TARGET = 2.5

FUNCTION_SCRIPT = r"""
\set aid random(1, 100000 * :scale)
\set bid random(1, 1 * :scale)
\set tid random(1, 10 * :scale)
\set delta random(-5000, 5000)
select tpcb(:aid, :bid, :tid, :delta);
"""


def measure(cluster: Cluster) -> list[tuple[str, float, str, str]]:
    """Rows of (what, a second, ratio, target): medians of the rounds' figures and ratios."""
    script = servers.VAR / "bench" / "tpcb.sql"
    script.write_text(FUNCTION_SCRIPT)
    rates: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        # Interleaved: what drifts, drifts for all of them.
        rates.setdefault("tpcb", []).append(_pgbench(cluster, "-M", "simple"))
        rates.setdefault("function", []).append(
            _pgbench(
                cluster, "-M", "prepared", "-n", "-f", str(script), "-D", f"scale={servers.SCALE}"
            )
        )
        for scenario in SCENARIOS:
            rates.setdefault(scenario, []).append(_post(cluster, scenario, number))
        rates.setdefault("hordak", []).append(hordak.transfers(cluster, number))
        print(f"  round {number + 1} of {ROUNDS}", {k: round(v[-1]) for k, v in rates.items()})
    return [
        _row("pgbench TPC-B, simple protocol", rates, "tpcb", "tpcb"),
        _row("pgbench TPC-B as one prepared function", rates, "function", "tpcb"),
        *[
            _row(f"posting from Django, {s}", rates, s, "tpcb", f"≥ {TARGETS[s]:.2f}")
            for s in SCENARIOS
        ],
        _row(
            "posting, spread, against the prepared function",
            rates,
            "spread",
            "function",
            f"≥ {CEILING_TARGET:.2f}",
        ),
        _row("django-hordak, transfers", rates, "hordak", "tpcb"),
        _row(
            "posting, spread, against django-hordak's transfers",
            rates,
            "spread",
            "hordak",
            f"≥ {HORDAK_TARGET:.1f}",
        ),
    ]


def _row(
    label: str, rates: Mapping[str, Sequence[float]], what: str, base: str, target: str = ""
) -> tuple[str, float, str, str]:
    """One line of the table: the ratio of each round by itself, 0.35 (0.31 to 0.38)."""
    ratios = [one / other for one, other in zip(rates[what], rates[base], strict=True)]
    said = f"{statistics.median(ratios):.2f}"
    if what != base:
        said += f" ({min(ratios):.2f} to {max(ratios):.2f})"
    return label, statistics.median(rates[what]), said, target


def _pgbench(cluster: Cluster, *arguments: str) -> float:
    output = servers.pgbench(
        cluster, *("-c", str(WORKERS), "-j", "2", "-T", str(SECONDS)), *arguments
    )
    found = re.search(r"tps = ([\d.]+)", output)
    assert found, output
    return float(found[1])


def _post(cluster: Cluster, scenario: str, number: int) -> float:
    """Entries a second of eight processes."""
    return together("benchmarks.worker", scenario, number, servers.environment(cluster))


def together(module: str, scenario: str, number: int, env: dict[str, str]) -> float:
    """Eight processes of a worker start together; what all of them do in a second."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", module, scenario, str(SECONDS), f"{number}{index}"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for index in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "ready"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    done = [int(worker.communicate()[0]) for worker in workers]
    return sum(done) / SECONDS
