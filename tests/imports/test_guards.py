"""What the database refuses to the web's login: what an import posted stays."""

import psycopg
import pytest

from tests.imports.helpers import CLARA, checked, taken_in
from tests.ledger.books import assert_well

ATTACKS = {
    "delete from imports_import": "42501",
    "truncate imports_row": "42501",
    "delete from imports_row where entry_id is not null": "SL010",
    "update imports_row set amount = 1 where entry_id is not null": "SL010",
    "update imports_row set client_id = null where entry_id is not null": "SL010",
    "update imports_row set entry_id = null where entry_id is not null": "SL010",
    "update imports_row set decision = 'skip' where entry_id is not null": "SL010",
}


def test_what_an_import_posted_stays(committing_db, connect):
    taken_in(CLARA)
    checked(["Ben", "Okafor", "", "", "1"])
    with connect(committing_db.web_url) as web:
        for statement, sqlstate in ATTACKS.items():
            with pytest.raises(psycopg.Error) as refused:
                web.execute(statement)
            assert refused.value.sqlstate == sqlstate, statement
            web.rollback()
    with connect(committing_db.owner_url) as owner:
        with pytest.raises(psycopg.Error, match="append-only"):
            owner.execute("delete from imports_import where status = 'ready'")
        owner.rollback()
    assert_well()
