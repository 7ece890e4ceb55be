"""The quick look finds well what is well; tests/ledger/test_verifying.py, that it finds no more."""

from django.db import connection

from ledger import accounts, checks, seal_checks, snapshot_check
from ledger.legs import Draw, Move, Open
from ledger.screening import found_well
from ledger.verifying import verify
from tests.factories import make_credit
from tests.ledger.books import act

SCREENED = {
    checks.ENTRIES_BALANCE: 3,
    checks.POSTINGS_BELONG: 6,
    checks.BALANCES_ADD_UP: 1,
    checks.VERSIONS_FOLLOW: 3,
    checks.LOTS_ADD_UP: 2,
    checks.NAMED_ROWS_EXIST: 5,
    snapshot_check.DAY_SUMS_ADD_UP: 0,
    seal_checks.SEALED_DAYS_HAVE_A_SEAL: 1,
    seal_checks.SEALS_ARE_THEIR_DAYS: 0,
}


def looked():
    with connection.cursor() as cursor:
        return found_well(cursor)


def test_books_that_are_well_need_no_closer_look_and_are_counted_alike(desk, clara):
    account, lot = accounts.credit_of(clara), make_credit(clara, 50)
    act(desk, Draw(account, 3000), Move(accounts.OPEN_ORDERS, -3000))
    act(desk, Open(account, 1000, parent=lot.pk), Move(accounts.OPEN_ORDERS, 1000))
    assert looked() == SCREENED
    with connection.cursor() as cursor:
        for query, looked_at in SCREENED.items():
            cursor.execute(f"select count(*), count(finding) from ({query}) as found (finding)")
            assert cursor.fetchone() == (looked_at, 0)


def test_empty_books_need_none_either(db):
    assert looked() == dict.fromkeys(SCREENED, 0)


def test_an_amount_that_may_be_too_large_to_be_weighed_is_well_all_the_same(desk):
    act(desk, Move(accounts.GOODWILL, 2**40), Move(accounts.OPENING, -(2**40)))
    assert [result.wrong for result in verify() if result.wrong] == []
