"""The server that everything is measured on, and what is loaded into it before."""

from __future__ import annotations

import os
import subprocess
import sys

from tools import ROOT, VAR, postgres
from tools.cluster import SUPERUSER, Cluster

TPCB = "tpcb"
SALON = "salon_bench"
SCALE = 20
CLIENTS = 100_000

TPCB_FUNCTION = """
create or replace function tpcb(p_aid int, p_bid int, p_tid int, p_delta int) returns int
language plpgsql as $$
declare answer int;
begin
    update pgbench_accounts set abalance = abalance + p_delta where aid = p_aid;
    select abalance into answer from pgbench_accounts where aid = p_aid;
    update pgbench_tellers set tbalance = tbalance + p_delta where tid = p_tid;
    update pgbench_branches set bbalance = bbalance + p_delta where bid = p_bid;
    insert into pgbench_history (tid, bid, aid, delta, mtime)
        values (p_tid, p_bid, p_aid, p_delta, current_timestamp);
    return answer;
end $$;
"""

SEED = f"""
set session_replication_role = replica;
insert into salon_location (id, name, slug, time_zone, day_starts_at, address, phone)
    values (1, 'Bench', 'bench', 'UTC', '00:00', '', '');
insert into salon_staffmember (id, password, is_superuser, username, first_name, last_name, email,
        is_staff, is_active, date_joined, name, is_provider, books_online, pin)
    values (1, '', true, 'bench', '', '', '', true, true, now(), 'Bench', false, false, '');
insert into clients_client (id, first_name, last_name, email, phone, note, created_at,
        blocked_reason)
    select n, 'Client', n::text, '', '', '', now(), '' from generate_series(1, {CLIENTS}) n;
insert into ledger_account (id, name, kind, currency) values (1, 'opening/', 'opening', 'USD');
insert into ledger_account (id, name, kind, currency, client_id, balance, version)
    select n + 1, 'client_credit/client:' || n, 'client_credit', 'USD', n, -10000000, 1
    from generate_series(1, {CLIENTS}) n;
insert into ledger_entry (id, key, content_hash, kind, recorded_at, occurred_at, business_date,
        location_id, staff_id, reason, note, cause_kind, cause_id)
    select n, 'seed:' || n, '', 'opening', now(), now(), current_date, 1, 1, '', '', '', ''
    from generate_series(1, {CLIENTS}) n;
insert into ledger_lot (id, account_id, opened_by_id, source, is_paid, since, restriction,
        card_ceiling, sold_at_id, amount, remaining, is_open)
    select n, n + 1, n, 'import', true, current_date, 'any', 0, 1, 10000000, 10000000, true
    from generate_series(1, {CLIENTS}) n;
insert into ledger_posting (entry_id, line, account_id, amount, business_date, lot_id,
        balance_after, version)
    select n, 1, n + 1, -10000000, current_date, n, -10000000, 1
    from generate_series(1, {CLIENTS}) n;
insert into ledger_posting (entry_id, line, account_id, amount, business_date)
    select n, 2, 1, 10000000, current_date from generate_series(1, {CLIENTS}) n;
select setval(pg_get_serial_sequence(t, 'id'), {CLIENTS} + 10)
    from unnest(array['clients_client', 'salon_staffmember', 'ledger_account', 'ledger_entry',
        'ledger_lot']) t;
set session_replication_role = default;
vacuum analyze;
"""


def server() -> Cluster:
    """PostgreSQL with its default settings, fsync on, under var/bench."""
    cluster = Cluster(VAR / "bench")
    cluster.start()
    return cluster


def fresh_databases(cluster: Cluster) -> None:
    """Drop, make, load and analyse both databases."""
    for name in (TPCB, SALON):
        cluster.sql(f"drop database if exists {name} with (force)")
    postgres.prepare(cluster, SALON)
    cluster.sql(f"create database {TPCB}")
    pgbench(cluster, "-i", "-q", "-s", str(SCALE))
    cluster.sql(TPCB_FUNCTION, TPCB)
    manage(cluster, "migrate", "--verbosity", "0")
    cluster.sql(SEED, SALON)


def environment(cluster: Cluster) -> dict[str, str]:
    """The web's login to the loaded salon."""
    return {
        **os.environ,
        **postgres.urls(cluster, SALON),
        "SECRET_KEY": "benchmark",
        "DJANGO_SETTINGS_MODULE": "salon.settings",
        "DATABASE_POOL_SIZE": "0",
        "LOG_LEVEL": "ERROR",
    }


def manage(cluster: Cluster, *arguments: str) -> None:
    """A command of manage.py on the loaded salon."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment(cluster), check=True
    )


def pgbench(cluster: Cluster, *arguments: str) -> str:
    """pgbench on its own database, as superuser; what it printed."""
    return subprocess.run(
        [
            str(cluster.bin_dir / "pgbench"),
            *("-h", str(cluster.socket_dir), "-U", SUPERUSER),
            *arguments,
            TPCB,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
