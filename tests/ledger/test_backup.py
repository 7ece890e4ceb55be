"""The restore that docs/production.md rehearses: a dump, another database, the same books."""

import os
import subprocess

import psycopg
import pytest

from ledger import accounts
from ledger.legs import Draw, Move
from ledger.trial_balance import trial_balance
from tests.factories import make_client, make_credit, make_desk
from tests.harness import databases
from tests.harness.databases import Database
from tests.ledger.books import act, assert_well, nets
from tools import postgres
from tools.cluster import SUPERUSER


@pytest.fixture
def restored(committing_db, tmp_path):
    """What was kept in the salon's database, dumped, and restored into an empty one."""
    clara, desk = make_client("Clara Nuñez"), make_desk()
    make_credit(clara, 50, desk=desk)
    act(desk, Draw(accounts.credit_of(clara), 2000), Move(accounts.OPEN_ORDERS, -2000))
    kept = nets()
    server = committing_db.server
    copy = Database(server, f"test_{os.getpid()}_restored")
    host = ["-h", str(server.socket_dir), "-U", SUPERUSER]
    dump = tmp_path / "salon.dump"
    save = [str(server.bin_dir / "pg_dump"), *host, "--format=custom", f"--file={dump}"]
    bring = [str(server.bin_dir / "pg_restore"), *host, "--exit-on-error", f"--dbname={copy.name}"]
    try:
        postgres.prepare(server, copy.name)
        subprocess.run([*save, committing_db.name], check=True)
        subprocess.run([*bring, str(dump)], check=True)
        yield copy, kept
    finally:
        server.sql(f"DROP DATABASE IF EXISTS {copy.name} WITH (FORCE)")


def test_a_restored_backup_has_the_books_and_their_guards(restored):
    copy, kept = restored
    with databases.connected_to(copy.web_url):
        assert nets() == kept
        assert trial_balance(by="kind").is_balanced
        assert_well()
    with psycopg.connect(copy.web_url) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("delete from ledger_posting")
    with psycopg.connect(copy.owner_url) as owner, pytest.raises(psycopg.Error) as refusal:
        owner.execute("delete from ledger_posting")
    assert refusal.value.sqlstate == "SL010"
