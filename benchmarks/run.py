"""`make bench`: everything measured in one run, written to benchmarks/RESULTS.md.

`python -m benchmarks.run Posting "The books"` measures these parts alone.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from collections.abc import Sequence
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

Written by `make bench`, or by a part of it alone. Everything in one table ran in one go on one
server with PostgreSQL's default settings and fsync on, interleaved; trust the ratios, not the
rates. Tables are seeded with {clients:,} clients and analysed first.

Machine: {cores} cores ({model}), {memory}, {system}, {postgres}, Python {python}. {date}.
"""


def main(only: Sequence[str] = ()) -> None:
    """Load, measure, write: what is measured stands in the file as soon as it is known.

    `only`: titles of parts, as "Posting"; what stood in the file of the others stays.
    """
    sections = {} if not only else _written()
    cluster = servers.server()
    try:
        print("Loading …")
        servers.fresh_databases(cluster)
        hordak.prepare(cluster)
        intro = INTRO.format(**machine(cluster))
        for title, part in PARTS.items():
            if only and title not in only:
                continue
            print(f"{title} …", flush=True)
            sections[title] = part(cluster)
            print(sections[title], flush=True)
            body = [f"## {name}\n\n{sections[name]}" for name in PARTS if name in sections]
            RESULTS.write_text("\n".join([intro, *body]), encoding="utf-8")
    finally:
        cluster.stop()


def _written() -> dict[str, str]:
    """The sections that stand in the file, by title."""
    _, *sections = RESULTS.read_text(encoding="utf-8").split("\n## ")
    parted = (section.partition("\n\n") for section in sections)
    return {title: f"{text.strip()}\n" for title, _, text in parted}


def of_posting(cluster: Cluster) -> str:
    """Beside pgbench and django-hordak."""
    rows = posting.measure(cluster)
    return (
        f"Eight clients, {posting.ROUNDS} rounds of {posting.SECONDS} s each. A ratio is "
        "of two figures of one round; the rounds’ median, then lowest and highest. "
        "One entry is one call: key, lot opened or drawn, two postings.\n\n"
        + table(("what", "per second", "× TPC-B", "asked"), rows, "{:,.0f}")
    )


def of_pages(cluster: Cluster) -> str:
    """Of clients with few postings and with many."""
    rows = pages.measure(cluster)
    return f"Django's test client in process, {pages.VISITS} visits of each, medians.\n\n" + table(
        ("page", "ms", "× few", "asked"), rows, "{:.1f}"
    )


def of_booking(cluster: Cluster) -> str:
    """Free times, and the page that offers them."""
    rows = booking.measure(cluster)
    return (
        f"{booking.STAFF} people at one location, {booking.VISITS:,} visits, "
        f"{booking.A_DAY} of ten hours taken each day; in process, "
        f"{booking.ROUNDS} times each, medians.\n\n"
        + table(("what", "ms", "queries", "asked"), rows, "{:.0f}")
    )


def of_closing(cluster: Cluster) -> str:
    """Beside a bare page."""
    rows = closing.measure(cluster)
    return (
        f"gunicorn with 2 × 4 threads, {closing.TILLS} connections, sales of three lines "
        "paid in two ways; the bare page is a signed-in one with nothing in its frame.\n\n"
        + table(("what", "per second", "× bare", "asked"), rows, "{:,.1f}")
    )


def of_renewing(cluster: Cluster) -> str:
    """Among few members and among many."""
    rows = memberships.measure(cluster)
    return (
        "One process, the test processor answering at once over HTTP; "
        f"{memberships.ROUNDS} rounds, of each in turn. × is what a renewal costs beside "
        "one among the fewest in the same round: median, lowest and highest.\n\n"
        + table(("what", "per second", "× few", "asked"), rows, "{:,.1f}")
    )


def of_searching(cluster: Cluster) -> str:
    """Among a million clients."""
    rows = searching.measure(cluster)
    return (
        "The fixed list of benchmarks/searching.py; each three times, its median counts.\n\n"
        + table(("what", "ms", "sequential scans", "asked"), rows, "{:.1f}")
    )


def of_books(cluster: Cluster) -> str:
    """Ten million postings: read, verified, exported; and an import."""
    readings, exports, imported = books.measure(cluster)
    of_import = f"importing {importing.ROWS:,} clients"
    tables = [
        table(("what", "seconds", "× GROUP BY", "asked"), readings, "{:.2f}"),
        table(("exporting the journal", "per second", "peak MB", "asked"), exports, "{:,.0f}"),
        table((of_import, "seconds", "peak MB", "asked"), imported, "{:.1f}"),
    ]
    return (
        f"A generated salon: {books.POSTINGS:,} postings of three years, all days but two "
        f"sealed. {books.ROUNDS} days drawn by lot, each a round, {books.VERIFY_ROUNDS} of "
        "all checks; × is beside PostgreSQL's own GROUP BY account, over the postings to "
        "that day or over all, in the same round: median, lowest and highest.\n\n"
        + "\n\n".join(tables)
    )


PARTS = {
    "Posting": of_posting,
    "Pages": of_pages,
    "Booking online": of_booking,
    "Closing a sale over HTTP": of_closing,
    "Renewing memberships": of_renewing,
    "Searching": of_searching,
    "The books": of_books,
}


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
    main(sys.argv[1:])
