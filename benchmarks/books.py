"""Ten million postings of three years: what is owed on any day, proof of it all, and an export.

Beside each reading, in the same round, PostgreSQL adds up the postings account by account itself.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks import generated_salon, importing, servers
from tools import ROOT, postgres
from tools.cluster import Cluster

POSTINGS = int(os.environ.get("BENCH_POSTINGS", "10000000"))
"""Fewer, for trying things."""
SMALL = 10
"""The export's memory is looked at with so many times fewer, too."""
ROUNDS = 7
VERIFY_ROUNDS = 3
DATABASE = "salon_books"
LIABILITY_TARGET, VERIFY_TARGET, EXPORT_TARGET = 0.2, 8, 50_000

Row = tuple[str, float, str, str]

GROUP_BY = """
select count(*), sum(total) from (
    select account_id, sum(amount) as total from ledger_posting {where} group by account_id
) as accounts
"""

GROUP_BY_FETCHED = "select account_id, sum(amount) from ledger_posting group by account_id"


def measure(cluster: Cluster) -> tuple[list[Row], list[Row], list[Row]]:
    """Readings (seconds, × GROUP BY), exports (postings a second, MB), an import (seconds, MB).

    Needs 2.5 GB of disk for each ten million postings, which are dropped at the end.
    """
    until = dt.date.today()
    try:
        _make(cluster, POSTINGS, until)
        readings = [*_liability(cluster, until), *_verify(cluster)]
        exports = [_export(cluster)]
        _make(cluster, POSTINGS // SMALL, until)
        exports.insert(0, _export(cluster))
    finally:
        cluster.sql(f"drop database if exists {DATABASE} with (force)")
    return readings, exports, _import(cluster)


def _make(cluster: Cluster, postings: int, until: dt.date) -> None:
    """The salon, each day but the last two sealed; nothing summed up yet."""
    cluster.sql(f"drop database if exists {DATABASE} with (force)")
    postgres.prepare(cluster, DATABASE)
    _run(cluster, "manage.py", "migrate", "--verbosity", "0")
    cluster.sql(generated_salon.statements(postings, until), DATABASE)
    for place in range(1, generated_salon.LOCATIONS + 1):
        cluster.sql(
            f"select ledger_seal_day({place}, date '{until}' - 2, 1, now(), '')",  # nosec B608
            DATABASE,
        )
    cluster.sql("vacuum (analyze) ledger_seal", DATABASE)


def _liability(cluster: Cluster, until: dt.date) -> list[Row]:
    rows = []
    for age, what in ((30, "a month old"), (1, "a day old"), (0, "up to now")):
        cluster.sql("select ledger_horizon()", DATABASE)
        cluster.sql(
            "select ledger_advance_snapshot((select max(id) from ledger_entry "  # nosec B608
            f"where business_date <= date '{until}' - {age}))",
            DATABASE,
        )
        cluster.sql("vacuum (analyze) ledger_daysum", DATABASE)
        figures = _probe(cluster, "liability", until.isoformat())
        rows.append((f"liability on any day, sums {what}", *_said(figures, LIABILITY_TARGET)))
    base = statistics.median(base for _, base in figures)
    return [("GROUP BY account of the postings to that day", base, "1.00", ""), *rows]


def _verify(cluster: Cluster) -> list[Row]:
    """All checks; and the thorough look, which hashes every sealed day anew."""
    figures = _probe(cluster, "verify", "")
    base = statistics.median(base for *_, base in figures)
    quick = [(one, base) for one, _, base in figures]
    thorough = [(one, base) for _, one, base in figures]
    return [
        ("GROUP BY account of all postings, its rows fetched", base, "1.00", ""),
        ("every check of the books", *_said(quick, VERIFY_TARGET)),
        ("thorough: no quick look, all seals made anew", *_said(thorough)),
    ]


def _said(
    figures: list[tuple[float, float]], target: float | None = None
) -> tuple[float, str, str]:
    """Seconds, ratio by rounds (0.11 (0.09 to 0.13)), what is asked."""
    ratios = [one / base for one, base in figures]
    said = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    asked = "" if target is None else f"≤ {target:g}"
    return statistics.median(one for one, _ in figures), said, asked


def _export(cluster: Cluster) -> Row:
    """Postings a second, and the most memory that it had."""
    postings = int(cluster.sql("select count(*) from ledger_posting", DATABASE))
    start = time.perf_counter()
    exporting = subprocess.Popen(
        [sys.executable, "manage.py", "export_journal", "--format", "ledger"],
        cwd=ROOT,
        env=_environment(cluster),
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(exporting.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise RuntimeError("The export failed.")
    return (
        f"exporting {postings:,} postings",
        postings / seconds,
        f"{used.ru_maxrss / 1024:.0f}",
        f"≥ {EXPORT_TARGET:,}",
    )


def _import(cluster: Cluster) -> list[Row]:
    steps = list(importing.measure(cluster))
    rows = [(f"{step}", seconds, f"{peak:.0f}", "") for step, seconds, peak in steps]
    together = sum(seconds for step, seconds, _ in steps if step in ("read", "check", "take in"))
    peak = max(peak for *_, peak in steps)
    total = "read, check and take in"
    return [*rows, (total, together, f"{peak:.0f}", f"≤ {importing.ASKED_SECONDS}")]


def _environment(cluster: Cluster) -> dict[str, str]:
    return {**servers.environment(cluster), **postgres.urls(cluster, DATABASE)}


def _run(cluster: Cluster, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=_environment(cluster),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def _probe(cluster: Cluster, *arguments: str) -> list:
    """In a process of its own: seconds of it, and last those of GROUP BY in the same round."""
    return json.loads(_run(cluster, "-m", "benchmarks.books", *arguments).splitlines()[-1])


def main(what: str, until: str) -> None:
    """One probe, its figures as its last line."""
    import django

    django.setup()
    figures: list = (
        _time_verify() if what == "verify" else _time_liability(dt.date.fromisoformat(until))
    )
    print(json.dumps(figures))


def _time_liability(until: dt.date) -> list[tuple[float, float]]:
    from ledger.liability import liability

    chance = random.Random(1042)  # nosec B311
    figures = []
    for _ in range(ROUNDS + 1):
        day = until - dt.timedelta(days=chance.randrange(365 * generated_salon.YEARS))
        mine = _seconds(lambda on=day: liability(start=on.replace(day=1), end=on))  # type: ignore[misc]
        figures.append((mine, _group_by(day)))
    return figures[1:]  # The first of them connects.


def _time_verify() -> list[tuple[float, float, float]]:
    """Quick, thorough, and GROUP BY: what it takes before and after the quick one, on average."""
    _group_by_fetched()
    figures = []
    for _ in range(VERIFY_ROUNDS):
        before, quick, after = _group_by_fetched(), _verified(), _group_by_fetched()
        figures.append((quick, _verified(thorough=True), (before + after) / 2))
    return figures


def _verified(*, thorough: bool = False) -> float:
    from ledger.verifying import verify

    def act() -> None:
        for result in verify(thorough=thorough):
            if result.wrong:
                raise RuntimeError(result.named)

    return _seconds(act)


def _group_by(day: dt.date) -> float:
    from django.db import connection

    where = f"where business_date <= '{day}'"
    with connection.cursor() as cursor:
        return _seconds(lambda: cursor.execute(GROUP_BY.format(where=where)))


def _group_by_fetched() -> float:
    """A total for each account, and the client has them all."""
    from django.db import connection

    with connection.cursor() as cursor:
        return _seconds(lambda: (cursor.execute(GROUP_BY_FETCHED), cursor.fetchall()))


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salon.settings")
    main(*sys.argv[1:])
