"""The SQL in the files is the SQL in the database: all of it, and nothing beside it."""

import re
from contextlib import contextmanager

import psycopg
import pytest

from deposits.apps import SQL as DEPOSITS_SQL
from ledger.apps import SQL_FILES
from salon import database
from salon.apps import SQL as SALON_SQL
from tests.harness import databases

FILES = [SALON_SQL / "append_only.sql", DEPOSITS_SQL / "append_only.sql", *SQL_FILES]
PREFIXES = r"^(ledger|salon|deposits)_"

FUNCTIONS = """
select p.oid::regprocedure::text, p.prosrc, p.prosecdef, p.proconfig, p.proacl::text, p.provolatile,
       p.proowner::regrole::text
from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname ~ %s order by 1
"""
TRIGGERS = """
select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled
from pg_trigger where not tgisinternal and tgrelid::regclass::text ~ %s order by 1, 2
"""
RIGHTS = """
select c.relname, c.relacl::text from pg_class c
where c.relkind in ('r', 'v') and c.relname ~ %s order by 1
"""
VIEWS = """
select c.relname, pg_get_viewdef(c.oid) from pg_class c
where c.relkind = 'v' and c.relname ~ %s order by 1
"""
KINDS = [("functions", FUNCTIONS), ("triggers", TRIGGERS), ("rights", RIGHTS), ("views", VIEWS)]


def installed(connection):
    """All that the files make, as the catalog has it."""
    return {name: connection.execute(query, [PREFIXES]).fetchall() for name, query in KINDS}


def written(kind):
    """The names of what the files create."""
    text = "\n".join(path.read_text() for path in FILES)
    return set(re.findall(rf"^create (?:or replace |constraint )*{kind} (\w+)", text, re.MULTILINE))


@contextmanager
def as_owner(source):
    """A transaction as the owner, undone at the end."""
    with psycopg.connect(source.owner_url) as connection:
        yield connection
        connection.rollback()


def install(connection):
    for path in FILES:
        connection.execute(database.render(path))


def test_every_function_and_trigger_has_its_place_in_the_files(module_db):
    with as_owner(module_db) as owner:
        found = installed(owner)
        # salon_search_text is part of a table: a stored column needs it before the files run.
        names = {row[0].split("(")[0] for row in found["functions"]} - {"salon_search_text"}
        assert names == written("function")
        assert {row[1] for row in found["triggers"]} == written("trigger")


def test_installing_the_files_again_changes_nothing(module_db):
    with as_owner(module_db) as owner:
        before = installed(owner)
        install(owner)
        assert installed(owner) == before


@pytest.mark.parametrize(
    "tampering",
    [
        "alter function ledger_children(bigint) volatile",
        "alter function ledger_account_id(text, text) reset search_path",
        "alter function ledger_account_id(text, text) security invoker",
        "grant execute on function ledger_account_id(text, text) to salon_web",
        "grant insert on ledger_posting to salon_web",
        "grant delete on ledger_movement to salon_web",
        "create or replace function ledger_horizon() returns bigint "
        "language sql as $$ select max(id) from ledger_entry $$",
        "create or replace function ledger_refuse_change() returns trigger language plpgsql "
        "as $$ begin return new; end $$",
        "drop trigger ledger_entry_append_only on ledger_entry",
        "create or replace trigger ledger_lot_fixed_terms before update of amount "
        "on ledger_lot for each row execute function ledger_refuse_change()",
        # As it was before both apps called one function.
        "create function deposits_refuse_change() returns trigger language plpgsql "
        "as $$ begin return new; end $$; "
        "create or replace trigger deposits_decision_append_only before update or delete "
        "on deposits_decision for each row execute function deposits_refuse_change()",
    ],
)
def test_what_was_tampered_with_differs_and_the_next_migrate_mends_it(module_db, tampering):
    with as_owner(module_db) as owner:
        before = installed(owner)
        owner.execute(tampering)
        assert installed(owner) != before
        install(owner)
        assert installed(owner) == before


def test_functions_with_the_owner_s_rights_look_nowhere_else(module_db):
    """SECURITY DEFINER with the caller's search_path would run whatever the caller put there."""
    with as_owner(module_db) as owner:
        for name, _, is_definer, config, *_ in installed(owner)["functions"]:
            if is_definer:
                assert "search_path=public, pg_temp" in (config or []), name


def test_the_web_may_call_these_functions_and_no_other(module_db):
    with as_owner(module_db) as owner:
        callable_by_web = owner.execute(
            "select proname from pg_proc where pronamespace = 'public'::regnamespace "
            "and proname ~ '^ledger_' and prorettype <> 'trigger'::regtype "
            "and has_function_privilege('salon_web', oid, 'execute') order by 1"
        ).fetchall()
        assert [name for (name,) in callable_by_web] == [
            "ledger_advance_snapshot",
            "ledger_day_digest",
            "ledger_horizon",
            "ledger_post",
            "ledger_post_many",
            "ledger_rebuild_snapshot",
            *["ledger_row_hash"] * 3,
            "ledger_seal_day",
            "ledger_seal_hash",
        ]


def test_a_migrate_leaves_everything_installed(template_database):
    """Migrating again, as every upgrade does, ends where a fresh database is."""
    with databases.clone(template_database) as copy:
        with as_owner(copy) as owner:
            before = installed(owner)
        databases.migrate(copy)
        with as_owner(copy) as owner:
            assert installed(owner) == before
