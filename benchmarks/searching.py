"""A fixed list of 200 searches among 1,000,000 clients: how long each takes, and by which plan."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time

from benchmarks import servers
from tools import ROOT
from tools.cluster import Cluster

CLIENTS = 1_000_000
SEARCHES = 200
FIRST = [
    "Ada",
    "Ben",
    "Clara",
    "Dora",
    "Emil",
    "Fay",
    "Gus",
    "Hana",
    "Ines",
    "Jo",
    "Kai",
    "Lena",
    "Mara",
    "Nils",
    "Olga",
    "Pia",
    "Quin",
    "Rosa",
]
LAST = [
    "Abbott",
    "Baker",
    "Chen",
    "Duarte",
    "Evans",
    "Fischer",
    "Garcia",
    "Huang",
    "Iyer",
    "Jensen",
    "Kowalski",
    "Lopez",
    "Moreau",
    "Nuñez",
    "Okafor",
    "Petrov",
    "Quist",
    "Rossi",
    "Sato",
    "Taylor",
    "Ueda",
    "Vega",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zhang",
]
SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "hu",
    "ka",
    "le",
    "mi",
    "no",
    "pu",
    "ra",
    "se",
    "ti",
    "vo",
    "wu",
    "ya",
    "ze",
    "bri",
    "cho",
    "dra",
]

LOAD = f"""
set session_replication_role = replica;
insert into clients_client (first_name, last_name, email, phone, note, created_at, blocked_reason)
select f || s, l || t, lower(f || '.' || l || n) || '@example.com',
       '+1212' || lpad((n * 7 % 10000000)::text, 7, '0'), '', now(), ''
from (
    select n, (array{FIRST!r})[1 + n % {len(FIRST)}] f,
           (array{SYLLABLES!r})[1 + (n / 18) % {len(SYLLABLES)}] s,
           (array{LAST!r})[1 + (n / 360) % {len(LAST)}] l,
           (array{SYLLABLES!r})[1 + (n / 9360) % {len(SYLLABLES)}] t
    from generate_series(1, {CLIENTS}) n
) as people;
set session_replication_role = default;
vacuum analyze clients_client;
"""  # nosec B608

PROBE = "import benchmarks.searching as s; s.probe()"


def queries() -> list[str]:
    """The list: letters, prefixes, names in both orders, typos, phones, e-mails, nobody."""
    chance = random.Random(1042)  # nosec B311
    found = [chr(ord("a") + n % 26) for n in range(20)]
    found += [chance.choice(FIRST)[:2].lower() for _ in range(20)]
    found += [chance.choice(LAST)[: chance.randint(3, 4)] for _ in range(30)]
    for _ in range(30):
        first = chance.choice(FIRST) + chance.choice(SYLLABLES)
        found.append(f"{first} {chance.choice(LAST)[:4]}")
    for _ in range(25):
        found.append(f"{chance.choice(LAST)} {chance.choice(FIRST)}")
    for _ in range(25):
        name = chance.choice(LAST)
        at = chance.randrange(1, len(name) - 1)
        found.append(name[:at] + name[at + 1 :] + chance.choice(SYLLABLES))
    found += [str(chance.randint(1000, 9_999_999)) for _ in range(25)]
    found += [f"{chance.choice(FIRST).lower()}.{chance.choice(LAST).lower()}" for _ in range(15)]
    found += [
        "zzyzx",
        "qqqq",
        "+49 30 12345",
        "nobody here",
        "x",
        "''",
        "%",
        "_",
        "é",
        "nunez clara",
    ]
    assert len(found) == SEARCHES
    return found


def measure(cluster: Cluster) -> list[tuple[str, float, str, str]]:
    """Rows of (what, milliseconds, sequential scans, target)."""
    cluster.sql(LOAD, servers.SALON)
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=ROOT,
        env=servers.environment(cluster),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    scans = str(found["scans"])
    return [
        (f"{SEARCHES} searches among {CLIENTS:,}, median", found["median"], scans, "0 scans"),
        ("the same, p95", found["p95"], scans, "0 scans"),
        ("the same, slowest", found["slowest"], scans, "0 scans"),
    ]


def probe() -> None:
    """In a process of its own: each search three times, the median of each counts."""
    import django

    django.setup()
    from django.db import connection

    from clients.searching import find_clients

    def scanned() -> int:
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_force_next_flush()")
            cursor.execute(
                "select seq_scan from pg_stat_user_tables where relname = 'clients_client'"
            )
            return cursor.fetchone()[0]

    before = scanned()
    times = []
    for query in queries():
        rounds = []
        for _ in range(3):
            start = time.perf_counter()
            find_clients(query, 8)
            rounds.append((time.perf_counter() - start) * 1000)
        times.append(statistics.median(rounds))
    times.sort()
    answer = {
        "median": statistics.median(times),
        "p95": times[int(len(times) * 0.95)],
        "slowest": times[-1],
        "scans": scanned() - before,
    }
    print(json.dumps(answer))
