"""verify_ledger finds it where an import and the books say different things."""

import pytest

from ledger.verifying import verify
from tests.imports.helpers import CLARA, INES, taken_back, taken_in
from tests.ledger.books import assert_well

TAMPERING = {
    "update imports_row set amount = amount + 1 where number = 2": "says 4001 for client",
    "update imports_row set client_id = null where number = 2": "for client ",
    "update imports_row set entry_id = null where number = 2": "a balance of 4000, and no entry",
    "update imports_import set control_minor = 1": "confirmed with 1, its totals are 4000 and 1200",
    "update imports_import set status = 'ready'": "and the import is ready",
    "update imports_import set status = 'taken_back'": "taken back, and entry",
}


def test_what_was_tampered_with_is_found(committing_db, connect):
    taken_in(CLARA, INES)
    assert_well()
    with connect(committing_db.superuser_url) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("create table kept_import as table imports_import")
        superuser.execute("create table kept_row as table imports_row")
        for statement, said in TAMPERING.items():
            superuser.execute(statement)
            superuser.commit()
            found = [sentence for result in verify() for sentence in result.named]
            assert any(said in sentence for sentence in found), (statement, found)
            superuser.execute("delete from imports_row; delete from imports_import")
            superuser.execute("insert into imports_import select * from kept_import")
            superuser.execute("insert into imports_row select * from kept_row")
            superuser.commit()
    assert_well()


@pytest.mark.django_db
def test_an_import_that_is_out_again_is_well():
    taken_back(taken_in(CLARA, INES))
    assert_well()
