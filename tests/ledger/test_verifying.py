"""Every check of verify_ledger really fails when its figure is broken, and names the row.

The figures are broken by the superuser with triggers and constraints off: nobody else could.
"""

import datetime as dt

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from ledger import accounts, verifying
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Open, Take, Terms
from ledger.reversing import reverse
from ledger.sealing import seal_day
from ledger.verifying import verify
from salon import clock
from tests.factories import make_appointment, make_client, make_credit, make_debt, make_desk
from tests.harness import databases
from tests.ledger.books import act


def keep_books():
    """One of each thing that happens: payment, refund, move, expiry, IOU, reversal, merge."""
    desk, clara, ben = make_desk(), make_client("Clara Nuñez"), make_client("Ben Okafor")
    account = accounts.credit_of(clara)
    lot = make_credit(clara, 50, card_ceiling=5000)
    act(desk, Draw(account, 3000), Move(accounts.OPEN_ORDERS, -3000), kind=EntryKind.TENDER)
    act(desk, Open(account, 1000, parent=lot.pk), Move(accounts.OPEN_ORDERS, 1000))
    held = Terms(visit=make_appointment(clara).pk)
    act(desk, Take(lot.pk, 500), Open(account, 500, held, parent=lot.pk))
    make_credit(ben, 5, source=Source.GOODWILL, expires_on=dt.date(2020, 1, 1))
    expire_lots(clock.now())
    make_debt(ben, 12)
    gift = make_credit(ben, 7)
    reverse(entry=gift.opened_by, desk=desk)
    make_client("Clara N.", merged_into=clara, archived_at=clock.now())
    yesterday = desk.business_date - dt.timedelta(days=1)
    seal_day(location=desk.location, on=yesterday, desk=make_desk("Marcus"))


@pytest.fixture(scope="module")
def books(module_db):
    keep_books()
    return module_db


@pytest.fixture
def break_books(books):
    """Run statements past every guard, in a transaction that is undone at the end."""
    with databases.connected_to(books.superuser_url), transaction.atomic():
        with connection.cursor() as superuser:
            superuser.execute("set local session_replication_role = replica")

            def run(statement):
                superuser.execute(statement)
                assert superuser.rowcount, statement

            yield run
        transaction.set_rollback(True)


def failures(*, thorough=False):
    return {result.check: result.named for result in verify(thorough=thorough) if result.wrong}


def test_well_kept_books_are_well(books):
    results = list(verify())
    assert failures() == {}
    counted = {result.check: result.looked_at for result in results}
    assert counted["Entries balance, in one currency, with two legs or more"] == 9
    # No sum was made yet.
    assert {check for check, looked_at in counted.items() if not looked_at} == {
        "Sums by day are what the postings make"
    }


CLARA = "(select id from ledger_account where kind = 'client_credit' order by id limit 1)"
SEAL_TODAY = """
insert into ledger_seal (location_id, business_date, previous_id, entries, postings, debit, digest,
    checksum, sealed_at, staff_id, note)
select location_id, business_date + {days}, {previous}, 0, 0, 0, digest, 0, now(), staff_id, ''
from ledger_seal"""
CASES = {
    "a seal is not what its day makes": (
        "Seals are what",
        "update ledger_seal set digest = sha256('')",
    ),
    "a seal does not follow the one before": (
        "Each seal follows",
        SEAL_TODAY.format(days=1, previous="null"),
    ),
    "a day before a seal has none": (
        "Every day up to a seal",
        SEAL_TODAY.format(days=9, previous="id"),
    ),
    "a sum by day counts nothing that there is": (
        "Sums by day",
        "insert into ledger_daysum (currency, business_date, kind, flow, source, location_id,"
        " amount, postings) values ('USD', '2020-01-01', 'cash', '', '', 1, 5, 1)",
    ),
    "an entry is off by a cent": (
        "Entries balance",
        "update ledger_posting set amount = amount + 1 where entry_id = 1 and line = 2",
    ),
    "an entry has no legs": (
        "Entries balance",
        "delete from ledger_posting where entry_id = 3",
    ),
    "an entry has one leg": (
        "Entries balance",
        "delete from ledger_posting where entry_id = 3 and line = 2",
    ),
    "an entry mixes currencies": (
        "Entries balance",
        "update ledger_account set currency = 'EUR' where kind = 'breakage'",
    ),
    "a posting is dated another day": (
        "Postings agree",
        "update ledger_posting set business_date = '2020-01-01' where entry_id = 1 and line = 2",
    ),
    "a posting has no entry": (
        "Postings agree",
        "delete from ledger_entry where id = 2",
    ),
    "a posting has no account": (
        "Postings agree",
        "update ledger_posting set account_id = 99 where entry_id = 1 and line = 2",
    ),
    "stored value without a lot": (
        "Postings agree",
        "update ledger_posting set lot_id = null where entry_id = 1 and line = 1",
    ),
    "a lot where none belongs": (
        "Postings agree",
        "update ledger_posting set lot_id = 1 where entry_id = 1 and line = 2",
    ),
    "another client's lot": (
        "Postings agree",
        f"update ledger_lot set account_id = 4 + account_id where account_id = {CLARA}",
    ),
    "a client's posting without a version": (
        "Postings agree",
        "update ledger_posting set version = null where entry_id = 1 and line = 1",
    ),
    "a client's posting without the balance after it": (
        "Postings agree",
        "update ledger_posting set balance_after = null where entry_id = 1 and line = 1",
    ),
    "a house posting with a version": (
        "Postings agree",
        "update ledger_posting set version = 1, balance_after = 1 where entry_id = 1 and line = 2",
    ),
    "an entry is of no location": (
        "Entries and lots",
        "update ledger_entry set location_id = 404 where id = 1",
    ),
    "an entry is by nobody who works here": (
        "Entries and lots",
        "update ledger_entry set staff_id = 404 where id = 1",
    ),
    "a lot was opened by no entry": (
        "Entries and lots",
        "delete from ledger_entry where id = (select opened_by_id from ledger_lot where id = 1)",
    ),
    "a lot has no account": (
        "Entries and lots",
        "update ledger_lot set account_id = 404 where id = 1",
    ),
    "a lot's parent is gone": (
        "Entries and lots",
        "update ledger_lot set parent_id = 404 where parent_id is not null",
    ),
    "a balance is off": (
        "Balances and versions",
        f"update ledger_account set balance = balance - 1 where id = {CLARA}",
    ),
    "a balance is unknown": (
        "Balances and versions",
        f"update ledger_account set balance = null where id = {CLARA}",
    ),
    "a version is ahead": (
        "Balances and versions",
        f"update ledger_account set version = version + 1 where id = {CLARA}",
    ),
    "a version is missing": (
        "Versions have no gap",
        "update ledger_posting set version = version + 1 "
        f"where account_id = {CLARA} and version > 4",
    ),
    "a balance after does not follow": (
        "Versions have no gap",
        f"update ledger_posting set balance_after = balance_after - 1 "
        f"where account_id = {CLARA} and version = 2",
    ),
    "a balance was once above what it may be": (
        "Versions have no gap",
        "update ledger_posting set amount = -amount, balance_after = -balance_after "
        "where account_id = (select id from ledger_account where kind = 'receivable')",
    ),
    "a lot holds more than is left": (
        "Lots hold",
        "update ledger_lot set remaining = remaining + 1 where id = 1",
    ),
    "a lot holds more than it was opened with": (
        "Lots hold",
        "update ledger_lot set amount = remaining - 1 where id = 1",
    ),
    "a lot with something left is closed": (
        "Lots hold",
        "update ledger_lot set is_open = false where id = 1",
    ),
    "an empty lot is open": (
        "Lots hold",
        "update ledger_lot set is_open = true where remaining = 0",
    ),
    "a lot has no postings": (
        "Lots hold",
        "update ledger_posting set lot_id = 1 where lot_id = 2",
    ),
    "a card ceiling above the lot": (
        "Lots hold",
        "update ledger_lot set card_ceiling = amount + 1 where id = 1",
    ),
    "children hold more than went out": (
        "Lots and their children",
        "update ledger_lot set amount = amount + 2001 where parent_id is not null",
    ),
    "children may return more to the card": (
        "Lots and their children",
        "update ledger_lot set card_ceiling = 100 where id = 1",
    ),
    "an account owes more than its lots": (
        "Accounts owe",
        "update ledger_lot set remaining = remaining - 1 where id = 1",
    ),
    "an account is of another kind": (
        "Accounts are what",
        "update ledger_account set kind = 'cash' where kind = 'opening'",
    ),
    "an account is another client's": (
        "Accounts are what",
        f"update ledger_account set client_id = client_id + 1 where id = {CLARA}",
    ),
    "an account has lost its client": (
        "Accounts are what",
        f"update ledger_account set client_id = null where id = {CLARA}",
    ),
    "a house account belongs to a client": (
        "Accounts are what",
        "update ledger_account set client_id = 1 where kind = 'opening'",
    ),
    "a house account keeps a balance": (
        "Accounts are what",
        "update ledger_account set balance = 0, version = 0 where kind = 'opening'",
    ),
    "a reversal does not mirror": (
        "Reversals mirror",
        "update ledger_entry set reverses_id = 1 where reverses_id is not null",
    ),
    "a reversal is of another amount": (
        "Reversals mirror",
        "update ledger_posting set amount = amount * 2 "
        "where entry_id = (select max(id) from ledger_entry)",
    ),
    "a merged client still has credit": (
        "Merged clients",
        "update clients_client set archived_at = now(), merged_into_id = "
        "(select client_id from ledger_account where kind = 'receivable') "
        f"where id = (select client_id from ledger_account where id = {CLARA})",
    ),
    "a merged client is not archived": (
        "Merged clients",
        "update clients_client set archived_at = null where merged_into_id is not null",
    ),
    "a client was merged into one who was merged": (
        "Merged clients",
        "update clients_client set merged_into_id = id where merged_into_id is not null",
    ),
}


LINES_BEHIND = """
insert into ledger_posting (entry_id, line, account_id, amount, business_date)
select {entry}, 2 + n, account_id, n * 2 - 3, {day} from ledger_posting, generate_series(1, 2) n
where entry_id = 1 and line = 2"""
CASES |= {
    "a day's sum is off by a cent": (
        "Sums by day",
        "with horizon as (update ledger_snapshot set through = 0) "
        "insert into ledger_daysum (currency, business_date, kind, flow, source, location_id,"
        " amount, postings) select 'USD', business_date, 'cash', '', '', 1, 1, 0"
        " from ledger_posting limit 1",
    ),
    "lines behind the second balance, and have no entry": (
        "Postings agree",
        LINES_BEHIND.format(entry=404, day="business_date"),
    ),
    "lines behind the second balance, and are dated another day": (
        "Postings agree",
        LINES_BEHIND.format(entry=1, day="business_date + 1"),
    ),
    "an amount that no sum can hold": (
        "Entries balance",
        "update ledger_posting set amount = 9223372036854775807 where entry_id = 1 and line = 2",
    ),
    "a posting's entry has an id that hashes like its own": (
        "Postings agree",
        "update ledger_posting set entry_id = 4294967296 | (entry_id # 1) where entry_id = 1",
    ),
    "a posting of no day that can be counted": (
        "Postings agree",
        "update ledger_posting set business_date = 'infinity' where entry_id = 1 and line = 2",
    ),
}


@pytest.mark.parametrize("thorough", [False, True], ids=["screened", "thorough"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_broken_is_found_and_named(break_books, case, thorough):
    check, statement = CASES[case]
    break_books(statement)
    all_found = failures(thorough=thorough)
    found = {name: rows for name, rows in all_found.items() if name.startswith(check)}
    assert len(found) == 1, all_found
    [rows] = found.values()
    assert rows and all(isinstance(row, str) and ": " in row for row in rows)


def test_every_check_has_a_case():
    tried = {check for check, _ in CASES.values()}
    for name in verifying.CHECKS:
        assert any(name.startswith(check) for check in tried), name


def test_a_finding_reads_as_a_sentence_with_the_figures(break_books):
    break_books("update ledger_lot set remaining = 1999 where id = 1")
    assert failures()["Lots hold what their postings left"] == [
        "lot 1: opened with 5000 of 5000, 1999 remain and its postings leave 1500"
    ]


# --- The command ---------------------------------------------------------------------------------


def test_the_command_counts_and_says_that_all_is_well(books, capsys):
    call_command("verify_ledger")
    out = capsys.readouterr().out
    assert "        9 ok Entries balance" in out
    assert out.endswith(f"All is well: {len(verifying.CHECKS)} checks.\n")


def test_the_command_says_what_it_did_not_make_anew(books, capsys):
    seals = "1 ok Seals are what the entries of their days make"
    call_command("verify_ledger")
    assert f"{seals} (each location’s newest 30 made anew" in capsys.readouterr().out
    call_command("verify_ledger", "--thorough")
    assert f"{seals}\n" in capsys.readouterr().out


def test_the_command_ends_with_1_and_names_the_rows(break_books, capsys):
    break_books("update ledger_posting set amount = amount + 1 where entry_id = 1 and line = 2")
    with pytest.raises(CommandError, match="NOT well: 1 of") as ending:
        call_command("verify_ledger")
    assert ending.value.returncode == 1
    assert "entry 1: 2 legs, off by 1" in capsys.readouterr().out


def test_it_names_the_first_twenty_and_counts_all(break_books):
    break_books(
        "insert into ledger_entry (key, content_hash, kind, recorded_at, occurred_at,"
        " business_date, location_id, reason, note, cause_kind, cause_id)"
        " select 'x' || n, '', 'sale', now(), now(), current_date, 1, '', '', '', ''"
        " from generate_series(1, 50) n"
    )
    [result] = [result for result in verify() if result.wrong]
    assert (result.wrong, len(result.named)) == (50, 20)


def test_empty_books_are_well(db):
    assert failures() == {}


# --- Checks of upper floors -----------------------------------------------------------------------


def test_an_upper_floor_adds_a_check(db):
    verifying.register("Clients have names", "select case when true then 'client 5: no name' end")
    assert failures() == {"Clients have names": ["client 5: no name"]}


def test_registering_the_same_again_is_nothing_and_another_under_its_name_is_refused():
    for _ in range(2):
        verifying.register("Clients have names", "select null")
    with pytest.raises(ValueError, match="another check"):
        verifying.register("Clients have names", "select 1")


def test_all_checks_see_one_moment(committing_db):
    """What the desk records while the checks run is not half seen."""
    keep_books()
    desk = make_desk()
    results = verify()
    first = next(results)
    with psycopg.connect(committing_db.web_url) as meanwhile:
        meanwhile.execute(
            "select ledger_post('meanwhile', 'adjustment', "
            """'[{"do": "move", "account": "goodwill/", "amount": 1},"""
            """  {"do": "move", "account": "opening/", "amount": -1}]', """
            "'USD', now(), current_date, %s, null, '', '')",
            [desk.location.pk],
        )
    assert not any(result.wrong for result in results)
    assert (first.looked_at, next(verify()).looked_at) == (9, 10)


def test_it_is_the_web_that_verifies(books):
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("salon_web",)
