"""`make bench`: everything measured in one run, written to benchmarks/RESULTS.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
from pathlib import Path

from benchmarks import (
    booking,
    books,
    closing,
    hordak,
    importing,
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
    """Load, measure, write: what is measured stands in the file as soon as it is known."""
    cluster = servers.server()
    try:
        print("Loading …")
        servers.fresh_databases(cluster)
        hordak.prepare(cluster)
        parts = [INTRO.format(**machine(cluster))]
        for part in PARTS:
            print((part.__doc__ or "").splitlines()[0], flush=True)
            parts.append(part(cluster))
            print(parts[-1], flush=True)
            RESULTS.write_text("\n".join(parts), encoding="utf-8")
    finally:
        cluster.stop()


def of_posting(cluster: Cluster) -> str:
    """Posting, against pgbench …"""
    rows = posting.measure(cluster)
    return (
        "## Posting\n\n"
        f"Eight clients, {posting.ROUNDS} rounds of {posting.SECONDS} s each. A ratio is "
        "of two figures of one round; the rounds’ median, then lowest and highest. "
        "One entry is one call: key, lot opened or drawn, two postings.\n\n"
        + table(("what", "per second", "× TPC-B", "asked"), rows, "{:,.0f}")
    )


def of_pages(cluster: Cluster) -> str:
    """Pages …"""
    rows = pages.measure(cluster)
    return (
        "## Pages\n\n"
        f"Django's test client in process, {pages.VISITS} visits of each, medians.\n\n"
        + table(("page", "ms", "× few", "asked"), rows, "{:.1f}")
    )


def of_booking(cluster: Cluster) -> str:
    """Free times …"""
    rows = booking.measure(cluster)
    return (
        "## Booking online\n\n"
        f"{booking.STAFF} people at one location, {booking.VISITS:,} visits, "
        f"{booking.A_DAY} of ten hours taken each day; in process, "
        f"{booking.ROUNDS} times each, medians.\n\n"
        + table(("what", "ms", "queries", "asked"), rows, "{:.0f}")
    )


def of_closing(cluster: Cluster) -> str:
    """Closing over HTTP …"""
    rows = closing.measure(cluster)
    return (
        "## Closing a sale over HTTP\n\n"
        f"gunicorn with 2 × 4 threads, {closing.TILLS} connections, sales of three lines "
        "paid in two ways; the bare page is a signed-in one with nothing in its frame.\n\n"
        + table(("what", "per second", "× bare", "asked"), rows, "{:,.1f}")
    )


def of_renewing(cluster: Cluster) -> str:
    """Renewing memberships …"""
    rows = memberships.measure(cluster)
    return (
        "## Renewing memberships\n\n"
        "One process, the test processor answering at once over HTTP; "
        f"{memberships.ROUNDS} rounds, of each in turn. × is what a renewal costs beside "
        "one among the fewest in the same round: median, lowest and highest.\n\n"
        + table(("what", "per second", "× few", "asked"), rows, "{:,.1f}")
    )


def of_searching(cluster: Cluster) -> str:
    """Searches among a million clients …"""
    rows = searching.measure(cluster)
    return (
        "## Searching\n\n"
        "The fixed list of benchmarks/searching.py; each three times, its median counts.\n\n"
        + table(("what", "ms", "sequential scans", "asked"), rows, "{:.1f}")
    )


def of_books(cluster: Cluster) -> str:
    """Ten million postings …"""
    readings, exports, imported = books.measure(cluster)
    of_import = f"importing {importing.ROWS:,} clients"
    tables = [
        table(("what", "seconds", "× GROUP BY", "asked"), readings, "{:.2f}"),
        table(("exporting the journal", "per second", "peak MB", "asked"), exports, "{:,.0f}"),
        table((of_import, "seconds", "peak MB", "asked"), imported, "{:.1f}"),
    ]
    return (
        "## The books\n\n"
        f"A generated salon: {books.POSTINGS:,} postings of three years, all days but two "
        f"sealed. {books.ROUNDS} days drawn by lot, each a round, {books.VERIFY_ROUNDS} of "
        "all checks; × is beside PostgreSQL's own GROUP BY account, over the postings to "
        "that day or over all, in the same round: median, lowest and highest.\n\n"
        + "\n\n".join(tables)
    )


PARTS = (of_posting, of_pages, of_booking, of_closing, of_renewing, of_searching, of_books)


def table(head: tuple[str, ...], rows: list[tuple[str, float, str, str]], number: str) -> str:
    """A Markdown table."""
    lines = [" | ".join(head), "---|---:|---:|---:"]
    lines += [
        f"{what} | {number.format(rate)} | {ratio} | {asked}" for what, rate, ratio, asked in rows
    ]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


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
