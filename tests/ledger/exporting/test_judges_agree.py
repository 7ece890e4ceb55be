"""Three programs that know nothing of ours read the journal, and have every balance as we do."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import accounts
from ledger.exporting import journal
from ledger.exporting.chart import made_of
from ledger.exporting.formats import formats
from ledger.exporting.names import ROOTS, Names
from ledger.kinds import AccountKind
from ledger.legs import Move
from ledger.models import Account, AccountCode, Entry
from tests.factories import make_desk
from tests.ledger.books import act
from tests.ledger.exporting.judges import JUDGES, assert_agrees, balances, export, ours, read, run

THIRD_DAY, FIFTH_DAY = dt.date(2026, 11, 22), dt.date(2026, 11, 24)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
SIGNS = [*":;,|*!()[]{}<>\"'=@\\~^$-+ \t\n\r", "date:", "  ", "::", "é", "1", "A"]
AWKWARD = st.lists(st.sampled_from(SIGNS), max_size=20).map("".join)


@pytest.mark.parametrize("program", JUDGES)
def test_every_balance_and_every_day_is_ours(history, program):
    assert_agrees(program)


@pytest.mark.parametrize("program", JUDGES)
def test_clients_together_and_their_names(history, program):
    assert_agrees(program, together=True, names=True)
    assert "Clara" not in export(program)
    assert "Clara Nuñez" in export(program, names=True)


@pytest.mark.parametrize("program", JUDGES)
def test_from_a_day_on_the_balances_before_are_carried(history, program):
    assert_agrees(program, start=THIRD_DAY)
    postings = read(program, export(program, start=THIRD_DAY, end=FIFTH_DAY))
    assert balances(postings) == ours(program, on=FIFTH_DAY)
    before = [posting for posting in postings if posting[0] < str(THIRD_DAY)]
    assert balances(before) == ours(program, on=THIRD_DAY - dt.timedelta(days=1))
    assert {posting[0] for posting in before} == {"2026-11-21"}


@pytest.mark.parametrize("program", JUDGES)
def test_what_is_carried_stands_in_entries_of_a_size_that_ledger_reads(
    history, program, monkeypatch
):
    monkeypatch.setattr(journal, "WIDE", 3)
    assert_agrees(program, start=FIFTH_DAY)
    text = export(program, start=FIFTH_DAY)
    assert text.count("2026-11-23 * ") > 3


@pytest.mark.parametrize("program", JUDGES)
def test_up_to_a_day(history, program):
    assert_agrees(program, end=FIFTH_DAY)


@pytest.mark.parametrize("program", JUDGES)
def test_empty_books_are_a_journal_too(db, program):
    assert read(program, export(program)) == []


@pytest.mark.parametrize("program", JUDGES)
@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_currencies_of_no_and_of_three_decimals(db, settings, currency, program):
    settings.CURRENCY = currency
    desk = make_desk()
    act(desk, Move(accounts.cash(desk.till), 1_234_567), Move(accounts.OPEN_ORDERS, -1_234_567))
    act(desk, Move(accounts.cash(desk.till), -5), Move(accounts.OPEN_ORDERS, 5))
    assert_agrees(program)


@pytest.mark.parametrize("program", JUDGES)
def test_by_the_owners_chart(history, program):
    """Codes that look alike stay apart; what has one code is summed."""
    for kind, name, code, title in [
        ("cash", "", "1010", "Cash: drawers (all)"),
        ("cash", accounts.safe(history.location), "10.10", ""),
        ("card", "", "10-10", ""),
        ("bank", "", "1010", ""),
        ("client_credit", "", "2100", "Kundenguthaben ; “Ä”  b"),
        ("receivable", "", "2100", ""),
        ("income", "", "é4", "*"),
    ]:
        AccountCode.objects.create(kind=kind, name=name, code=code, title=title)
    assert_agrees(program)
    assert_agrees(program, start=THIRD_DAY, together=True)


@pytest.fixture(scope="module")
def typed():
    """What was typed into notes and names, many times over, for one reading by each program."""
    found: list[tuple[str, str]] = []

    @settings(max_examples=150, database=None, derandomize=True)
    @given(st.one_of(ANY_TEXT, AWKWARD), st.one_of(ANY_TEXT, AWKWARD))
    def collect(note, title):
        found.append((note, title))

    collect()
    return found


@pytest.mark.parametrize("program", JUDGES)
def test_whatever_is_typed_is_read_and_changes_nothing(desk, typed, program):
    for number, (note, title) in enumerate(typed):
        name = accounts.other_tender(f"custom:{number}")
        act(desk, Move(name, 100 + number), Move(accounts.CARD, -100 - number), note=note)
        AccountCode.objects.create(
            kind="other_tender", name=name, code=f"{number}", title=title[:80]
        )
    assert_agrees(program)


TAGS = {"key", "location", "staff", "reason", "cause", "reverses", "note", "lot"}


@pytest.mark.parametrize("program", ["hledger", "ledger"])
def test_nothing_typed_becomes_a_tag(history, typed, program):
    for number, (note, _) in enumerate(typed[::3]):
        act(history, Move(accounts.BANK, number + 1), Move(accounts.CARD, -number - 1), note=note)
    found = run(program, "tags", given=export(program)).splitlines()
    assert {tag.lower() for tag in found} == TAGS - {"reason"}


def test_no_two_accounts_share_a_name(history):
    for form in formats().values():
        names = Names(form.legal, made_of([]), together=False)
        rows = list(Account.objects.values_list("kind", "name"))
        assert len({names.text(*row) for row in rows}) == len(rows)
    assert set(ROOTS) == set(AccountKind)


def test_the_end_counts_what_was_written(history):
    assert f"; The end: {Entry.objects.count()} entries," in export("hledger").splitlines()[-1]
