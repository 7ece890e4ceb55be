"""`make bench`: everything measured in one run, written to benchmarks/RESULTS.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
from pathlib import Path

from benchmarks import (
    booking,
    closing,
    hordak,
    memberships,
    pages,
    posting,
    searching,
    servers,
)
from tools.cluster import Cluster

RESULTS = Path(__file__).parent / "RESULTS.md"

INTRO = """# Results

Written by `make bench`. Everything in one table ran in one go on one server with PostgreSQL's
default settings and fsync on, interleaved; trust the ratios, not the rates. Tables are seeded
with {clients:,} clients and analysed first.

Machine: {cores} cores ({model}), {memory}, {system}, {postgres}, Python {python}. {date}.
"""


def main() -> None:
    """Load, measure, write the table."""
    cluster = servers.server()
    try:
        print("Loading …")
        servers.fresh_databases(cluster)
        hordak.prepare(cluster)
        print("Posting, against pgbench …")
        posting_rows = posting.measure(cluster)
        print("Pages …")
        page_rows = pages.measure(cluster)
        print("Closing over HTTP …")
        closing_rows = closing.measure(cluster)
        print("Free times …")
        booking_rows = booking.measure(cluster)
        print("Renewing memberships …")
        renewal_rows = memberships.measure(cluster)
        print("Searches among a million clients …")
        search_rows = searching.measure(cluster)
        text = "\n".join(
            [
                INTRO.format(**machine(cluster)),
                "## Posting\n",
                f"Eight clients, {posting.ROUNDS} rounds of {posting.SECONDS} s each. A ratio is "
                "of two figures of one round; the rounds’ median, then lowest and highest. "
                "One entry is one call: key, lot opened or drawn, two postings.\n",
                table(("what", "per second", "× TPC-B", "asked"), posting_rows, "{:,.0f}"),
                "\n## Pages\n",
                f"Django's test client in process, {pages.VISITS} visits of each, medians.\n",
                table(("page", "ms", "× few", "asked"), page_rows, "{:.1f}"),
                "\n## Booking online\n",
                f"{booking.STAFF} people at one location, {booking.VISITS:,} visits, "
                f"{booking.A_DAY} of ten hours taken each day; in process, "
                f"{booking.ROUNDS} times each, medians.\n",
                table(("what", "ms", "queries", "asked"), booking_rows, "{:.0f}"),
                "\n## Closing a sale over HTTP\n",
                f"gunicorn with 2 × 4 threads, {closing.TILLS} connections, sales of three lines "
                "paid in two ways; the bare page is a signed-in one with nothing in its frame.\n",
                table(("what", "per second", "× bare", "asked"), closing_rows, "{:,.1f}"),
                "\n## Renewing memberships\n",
                "One process, the test processor answering at once over HTTP; "
                f"{memberships.ROUNDS} rounds, of each in turn. × is what a renewal costs beside "
                "one among the fewest in the same round: median, lowest and highest.\n",
                table(("what", "per second", "× few", "asked"), renewal_rows, "{:,.1f}"),
                "\n## Searching\n",
                "The fixed list of benchmarks/searching.py; each three times, its median counts.\n",
                table(("what", "ms", "sequential scans", "asked"), search_rows, "{:.1f}"),
                "",
            ]
        )
        RESULTS.write_text(text, encoding="utf-8")
        print(text)
    finally:
        cluster.stop()


def table(head: tuple[str, ...], rows: list[tuple[str, float, str, str]], number: str) -> str:
    """A Markdown table."""
    lines = [" | ".join(head), "---|---:|---:|---:"]
    lines += [
        f"{what} | {number.format(rate)} | {ratio} | {asked}" for what, rate, ratio, asked in rows
    ]
    return "\n".join(f"| {line} |" for line in lines)


def machine(cluster: Cluster) -> dict[str, object]:
    """What the figures were taken on."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    total = int(Path("/proc/meminfo").read_text().split()[1]) // 1024**2
    return {
        "clients": servers.CLIENTS,
        "cores": os.cpu_count(),
        "model": model,
        "memory": f"{total} GiB",
        "system": f"Linux {platform.release().split('-')[0]}",
        "postgres": "PostgreSQL " + cluster.sql("show server_version"),
        "python": platform.python_version(),
        "date": f"{dt.date.today():%B %Y}",
    }


if __name__ == "__main__":
    main()
