"""The command: what it refuses, what it does when nobody reads on, and what it reads."""

import os
import subprocess
import sys
import tracemalloc
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command

from ledger import accounts
from ledger.exporting import rows
from ledger.exporting.formats import formats
from ledger.exporting.hledger import Hledger
from ledger.exporting.journal import journal
from ledger.exporting.rows import Span
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.models import AccountCode, Entry
from ledger.posting import Cause
from salon.desk import Desk
from tests.factories import make_credit, make_desk
from tests.harness.at_once import LIMIT, start
from tests.ledger.books import act
from tests.ledger.exporting.judges import balances, ours, read
from tools import ROOT

HLEDGER = formats()["hledger"]


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("export_journal", *arguments, stdout=said)
    return said.getvalue()


def pay(desk: Desk, times: int = 1) -> None:
    for number in range(times):
        legs = Move(accounts.BANK, 100 + number), Move(accounts.CARD, -100 - number)
        act(desk, *legs, kind=EntryKind.PAYOUT)


def test_it_writes_the_journal_of_these_days(desk, clara):
    make_credit(clara, 40, desk=desk)
    today = desk.business_date.isoformat()
    assert "Liabilities:Client credit  -40.00 USD" in run("--format", "hledger")
    apart = run("--format", "hledger", "--clients", "apart", "--names", "--from", today)
    assert f"account Liabilities:Client credit:Client {clara.pk}  ; Clara Nuñez" in apart
    assert "0 entries" in run("--format", "ledger", "--to", "2020-01-01")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Say for which program"),
        (["--format", "gnucash"], "invalid choice"),
        (["--format", "csv", "--from", "yesterday"], "is no day like 2026-11-24"),
        (["--format", "csv", "--from", "2026-11-24", "--to", "2026-11-23"], "Nothing was written"),
    ],
)
def test_what_makes_no_sense_is_refused(db, arguments, words):
    with pytest.raises(CommandError, match=words):
        run(*arguments)


def test_accounts_without_a_code_are_listed(desk, clara):
    make_credit(clara, 40, desk=desk)
    AccountCode.objects.create(kind="opening", code="3000")
    said = StringIO()
    with pytest.raises(CommandError, match="1 account has no code"):
        call_command("export_journal", "--check-chart", stdout=said)
    assert said.getvalue() == "client_credit/\n"
    AccountCode.objects.create(kind="client_credit", code="2100")
    assert run("--check-chart") == "Every account has a code.\n"


def test_what_is_posted_meanwhile_is_not_in_it(committing_db, monkeypatch):
    """Half an entry, or one without those before it, would not balance: it is one moment's."""
    monkeypatch.setattr(rows, "BATCH", 2)
    desk = make_desk()
    pay(desk, 5)
    texts = journal(form=HLEDGER)
    begun = [next(texts) for _ in range(3)]
    start(pay, desk, 5).result(LIMIT)
    text = "".join([*begun, *texts])
    assert "; The end: 5 entries, 10 postings." in text
    assert Entry.objects.count() == 10
    assert sum(balances(read("hledger", text)).values()) == 0
    assert balances(read("hledger", "".join(journal(form=HLEDGER)))) == ours("hledger")


def test_it_takes_no_more_memory_for_more_entries(desk, monkeypatch):
    monkeypatch.setattr(rows, "BATCH", 50)
    pay(desk, 100)
    peak()
    few = peak()
    pay(desk, 400)
    assert peak() < few + 60_000


class Wordless(Hledger):
    """What it would write is let go of at once; places and people it need not remember."""

    def entry(self, event, legs):
        return "entry\n"


def peak() -> int:
    """The most bytes at one time while the journal is read and let go of."""
    tracemalloc.start()
    for _ in journal(form=Wordless()):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_it_asks_a_fixed_number_of_queries_for_each_batch(
    desk, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(rows, "BATCH", 50)
    pay(desk, 20)
    with django_assert_num_queries(11):
        list(journal(form=HLEDGER))
    pay(desk, 80)
    with django_assert_num_queries(13):
        list(journal(form=HLEDGER))


def test_what_was_sold_is_named(desk, monkeypatch):
    from ledger import causes

    monkeypatch.setitem(causes._known, "order", None)
    causes.add("order", url_of=lambda _: None, names_of=lambda ids: {"7": "Sale #1042; | x"})
    legs = Move(accounts.BANK, 1), Move(accounts.CARD, -1)
    act(desk, *legs, kind=EntryKind.SALE, cause=Cause("order", "7"))
    act(desk, *legs, kind=EntryKind.TENDER, cause=Cause("order", "7"))
    text = "".join(journal(form=HLEDGER))
    assert ") Sale #1042； ¦ x\n" in text
    assert ") Payment, Sale #1042； ¦ x\n" in text


def test_days_without_entries_are_skipped(desk):
    pay(desk)
    text = "".join(journal(form=HLEDGER, span=Span(desk.business_date, desk.business_date)))
    assert "Opening balances" not in text
    assert "; The end: 1 entries" in text


def test_who_reads_no_further_ends_it_quietly(committing_db):
    pay(make_desk(), 300)
    command = [sys.executable, "manage.py", "export_journal", "--format", "hledger"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **committing_db.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        running.stdout.read(1)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(LIMIT) == 0


def test_nobody_may_write_in_that_moment(committing_db):
    from django.db import InternalError

    from salon.database import one_moment

    with pytest.raises(InternalError) as refused, one_moment():
        AccountCode.objects.create(kind="cash", code="1")
    assert isinstance(refused.value.__cause__, psycopg.errors.ReadOnlySqlTransaction)
