"""One small journal, literally, as each program gets it."""

import datetime as dt

import pytest

from ledger import accounts
from ledger.exporting import texts
from ledger.exporting.amounts import written
from ledger.kinds import EntryKind, Source
from ledger.legs import Move, Open, Take, Terms
from ledger.models import Account, AccountCode, Entry, Lot
from ledger.posting import Cause
from salon.models import StaffMember
from tests.factories import make_client, make_desk
from tests.ledger.books import act
from tests.ledger.exporting.judges import export

FRIDAY = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)


@pytest.fixture
def small(db):
    """Clara is given ten dollars; she loses four of them again. The drawer has a code."""
    desk = make_desk(at=FRIDAY)
    clara = make_client("Clara Nuñez")
    AccountCode.objects.create(kind="cash", code="1010", title="Cash drawer")
    terms = Terms(source=Source.PURCHASE, is_paid=True)
    sold = act(
        desk,
        Open(accounts.credit_of(clara), 1000, terms),
        Move(accounts.cash(desk.till), 1000),
        kind=EntryKind.SALE,
        key="order:7:close",
        cause=Cause("order", "7"),
    )
    act(
        desk,
        Take(sold.opened[0], 400),
        Move(accounts.CARD, -400),
        kind=EntryKind.ADJUSTMENT,
        key="adjust:8",
        reason="correction",
        note='Rang up twice,\nsaid "Jo"; see: receipt',
    )
    first, second = Entry.objects.order_by("pk").values_list("pk", flat=True)
    lot = Lot.objects.get().pk
    assert Account.objects.count() == 3 and StaffMember.objects.get().name == "Jo"
    return {"first": first, "second": second, "lot": lot, "client": clara.pk}


HLEDGER = """\
; The books, from the beginning on.
decimal-mark .
commodity 1000.00 USD

account Assets:Card clearing:Terminal  ; Card terminal, not connected
account Assets:1010 Cash drawer
account Liabilities:Client credit:Client {client}

2026-11-20 * ({first}) Sale
    ; key:order:7:close, location:Midtown, staff:Jo, cause:order 7
    Liabilities:Client credit:Client {client}  -10.00 USD  ; lot:{lot}
    Assets:1010 Cash drawer  10.00 USD

2026-11-20 * ({second}) Adjustment
    ; key:adjust:8, location:Midtown, staff:Jo, reason:correction
    ; note:Rang up twice‚ / said "Jo"; see: receipt
    Liabilities:Client credit:Client {client}  4.00 USD  ; lot:{lot}
    Assets:Card clearing:Terminal  -4.00 USD

; The end: 2 entries, 4 postings.
"""
LEDGER = """\
; The books, from the beginning on.
commodity USD
    format 1000.00 USD
tag Key
tag Location
tag Staff
tag Reason
tag Cause
tag Reverses
tag Note
tag Lot

account Assets:Card clearing:Terminal
    note Card terminal, not connected
account Assets:1010 Cash drawer
account Liabilities:Client credit:Client {client}

2026-11-20 * ({first}) Sale
    ; Key: order:7:close
    ; Location: Midtown
    ; Staff: Jo
    ; Cause: order 7
    Liabilities:Client credit:Client {client}  -10.00 USD  ; Lot: {lot}
    Assets:1010 Cash drawer  10.00 USD

2026-11-20 * ({second}) Adjustment
    ; Key: adjust:8
    ; Location: Midtown
    ; Staff: Jo
    ; Reason: correction
    ; Note: Rang up twice‚ / said "Jo"; see: receipt
    Liabilities:Client credit:Client {client}  4.00 USD  ; Lot: {lot}
    Assets:Card clearing:Terminal  -4.00 USD

; The end: 2 entries, 4 postings.
"""
BEANCOUNT = """\
; The books, from the beginning on.
option "operating_currency" "USD"
1970-01-01 commodity USD

1970-01-01 open Assets:Card-clearing:Terminal
  name: "Card terminal, not connected"
1970-01-01 open Assets:1010-Cash-drawer
1970-01-01 open Liabilities:Client-credit:Client-{client}

2026-11-20 * "Sale"
  entry: {first}
  key: "order:7:close"
  location: "Midtown"
  staff: "Jo"
  cause: "order 7"
  Liabilities:Client-credit:Client-{client}  -10.00 USD
    lot: {lot}
  Assets:1010-Cash-drawer  10.00 USD

2026-11-20 * "Adjustment"
  entry: {second}
  key: "adjust:8"
  location: "Midtown"
  staff: "Jo"
  reason: "correction"
  note: "Rang up twice, / said \\"Jo\\"; see: receipt"
  Liabilities:Client-credit:Client-{client}  4.00 USD
    lot: {lot}
  Assets:Card-clearing:Terminal  -4.00 USD

; The end: 2 entries, 4 postings.
"""
SAID = '"Rang up twice,\nsaid ""Jo""; see: receipt"'
AT = "Midtown,Jo,"
CSV = f"""\
Date,Entry,Description,Account,Code,Debit,Credit,Currency,Lot,\
Location,Staff,Reason,Note,Cause,Reverses,Key
2026-11-20,{{first}},Sale,Liabilities:Client credit:Client {{client}},,,10.00,USD,{{lot}},\
{AT},,order 7,,order:7:close
2026-11-20,{{first}},Sale,Assets:1010 Cash drawer,1010,10.00,,USD,,{AT},,order 7,,order:7:close
2026-11-20,{{second}},Adjustment,Liabilities:Client credit:Client {{client}},,4.00,,USD,{{lot}},\
{AT}correction,{SAID},,,adjust:8
2026-11-20,{{second}},Adjustment,Assets:Card clearing:Terminal,,,4.00,USD,,\
{AT}correction,{SAID},,,adjust:8
"""


@pytest.mark.parametrize(
    ("program", "wanted"),
    [("hledger", HLEDGER), ("ledger", LEDGER), ("beancount", BEANCOUNT), ("csv", CSV)],
)
def test_a_small_journal(small, program, wanted):
    assert export(program).replace("\r\n", "\n") == wanted.format(**small)


def test_a_file_for_a_spreadsheet_runs_no_formula(small, desk):
    act(desk, Move(accounts.BANK, 1), Move(accounts.CARD, -1), note='=HYPERLINK("http://x")')
    assert "\"'=HYPERLINK" in export("csv")


def test_amounts_have_the_decimals_of_their_currency():
    assert [written(minor, 2) for minor in (120050, -5, 0)] == ["1200.50", "-0.05", "0.00"]
    assert [written(minor, 3) for minor in (1234, -7)] == ["1.234", "-0.007"]
    assert [written(minor, 0) for minor in (1234, -7)] == ["1234", "-7"]


def test_signs_that_programs_act_on_are_stood_in_for():
    assert texts.as_words("Sale ; a | b") == "Sale ； a ¦ b"
    assert texts.as_value("see, date:2019-01-01 [=2019]") == "see‚ date:2019-01-01 ⟦=2019⟧"
    assert texts.as_comment("type: L") == "type∶ L"
    assert texts.in_name("(a): [b] ; c  d") == "a b c d"
    assert texts.in_beancount_name("élan (2) &_c") == "Élan-2-c"
    assert texts.in_beancount_name("鍵") == "X-鍵"
    assert texts.quoted('a\\ "b"\n c') == '"a\\\\ \\"b\\" / c"'


def test_a_note_of_any_length_stands_in_lines_that_ledger_reads(desk):
    act(desk, Move(accounts.BANK, 1), Move(accounts.CARD, -1), note="鍵" * 5000)
    lines = [line for line in export("ledger").splitlines() if "鍵" in line]
    assert sum(line.count("鍵") for line in lines) == 5000
    assert max(len(line.encode()) for line in lines) < 4096
