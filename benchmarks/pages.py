"""Payment Methods and History of a client with 100 postings and with 1,000,000: the same cost."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

from benchmarks import servers
from tools import ROOT
from tools.cluster import Cluster

FEW, MANY = 100, 1_000_000
FEW_CLIENT, MANY_CLIENT = 2, 3
VISITS = 40
TARGET = 1.5

HISTORY = """
set session_replication_role = replica;
-- $0.01 in and out in turn, so that the balance stays; each pair is one lot.
with first as (select max(id) as entry from ledger_entry),
    lots as (select max(id) as lot from ledger_lot)
select set_config('bench.entry', entry::text, false), set_config('bench.lot', lot::text, false)
    from first, lots;
insert into ledger_entry (id, key, content_hash, kind, recorded_at, occurred_at, business_date,
        location_id, staff_id, reason, note, cause_kind, cause_id)
    select current_setting('bench.entry')::bigint + n, 'bench:{client}:' || n, '', 'adjustment',
           now(), now(), current_date, 1, 1, '', '', '', ''
    from generate_series(1, {postings}) n;
insert into ledger_lot (id, account_id, opened_by_id, source, is_paid, since, restriction,
        card_ceiling, sold_at_id, amount, remaining, is_open)
    select current_setting('bench.lot')::bigint + n, {client} + 1,
           current_setting('bench.entry')::bigint + 2 * n - 1, 'goodwill', false, current_date,
           'any', 0, 1, 1, 0, false
    from generate_series(1, {postings} / 2) n;
insert into ledger_posting (entry_id, line, account_id, amount, business_date, lot_id,
        balance_after, version)
    select current_setting('bench.entry')::bigint + n, 1, {client} + 1,
           case when n % 2 = 1 then -1 else 1 end, current_date,
           current_setting('bench.lot')::bigint + (n + 1) / 2,
           -10000000 - n % 2, n + 1
    from generate_series(1, {postings}) n;
insert into ledger_posting (entry_id, line, account_id, amount, business_date)
    select current_setting('bench.entry')::bigint + n, 2, 1,
           case when n % 2 = 1 then 1 else -1 end, current_date
    from generate_series(1, {postings}) n;
update ledger_account set version = {postings} + 1 where id = {client} + 1;
select setval(pg_get_serial_sequence('ledger_entry', 'id'), (select max(id) from ledger_entry)),
       setval(pg_get_serial_sequence('ledger_lot', 'id'), (select max(id) from ledger_lot));
set session_replication_role = default;
"""

PROBE = "import benchmarks.pages as p; p.visit()"


def measure(cluster: Cluster) -> list[tuple[str, float, str, str]]:
    """Rows of (what, milliseconds, ratio, target): the page with many postings against few."""
    cluster.sql("insert into salon_till (location_id, name) values (1, 'Front')", servers.SALON)
    for client, postings in ((FEW_CLIENT, FEW), (MANY_CLIENT, MANY)):
        cluster.sql(HISTORY.format(client=client, postings=postings), servers.SALON)
    cluster.sql("vacuum analyze", servers.SALON)
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=ROOT,
        env=servers.environment(cluster) | {"DEMO": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    rows = []
    for page, figures in json.loads(done.stdout.splitlines()[-1]).items():
        few, many = figures["few"], figures["many"]
        rows.append((f"{page}, {FEW} postings", few, "1.00", ""))
        rows.append((f"{page}, {MANY:,} postings", many, f"{many / few:.2f}", f"≤ {TARGET:.1f}"))
    return rows


def visit() -> None:
    """In a process of its own: median milliseconds of each page, interleaved."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from salon.models import StaffMember

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    browser = Client()
    browser.force_login(StaffMember.objects.get())
    answer = {}
    for page, path in (("Payment Methods", "payment-methods"), ("History", "history")):
        times: dict[str, list[float]] = {"few": [], "many": []}
        for _ in range(VISITS):
            for which, client in (("few", FEW_CLIENT), ("many", MANY_CLIENT)):
                start = time.perf_counter()
                response = browser.get(f"/clients/{client}/{path}/")
                times[which].append((time.perf_counter() - start) * 1000)
                assert response.status_code == 200, (page, response.status_code)
        answer[page] = {which: statistics.median(each[5:]) for which, each in times.items()}
    print(json.dumps(answer))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salon.settings")
    visit()
