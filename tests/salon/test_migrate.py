"""Who may migrate, and what the web may do with the tables that come of it."""

import psycopg
import pytest
from django.core.management import CommandError, call_command


def test_the_web_may_not_migrate(db):
    with pytest.raises(CommandError, match="owner's login"):
        call_command("migrate", verbosity=0)


def test_a_later_table_of_the_owner_is_the_webs_to_use_but_not_to_empty(committing_db, connect):
    connect(committing_db.owner_url).execute("CREATE TABLE later (id serial, n int)")
    web = connect(committing_db.web_url)
    web.execute("INSERT INTO later (n) VALUES (1)")
    web.execute("UPDATE later SET n = 2")
    assert web.execute("SELECT id, n FROM later").fetchall() == [(1, 2)]
    web.execute("DELETE FROM later")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("TRUNCATE later")


def test_the_web_makes_no_tables(committing_db, connect):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect(committing_db.web_url).execute("CREATE TABLE mine (n int)")
