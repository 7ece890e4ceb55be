"""A client's statement: rows, running balance, pages by key, filters, and what a page costs."""

import datetime as dt
import random
import uuid
from itertools import pairwise

import pytest
from django.db import connection

from ledger import accounts
from ledger.adjusting import adjust_balance
from ledger.balances import balance_of
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Open, Take, Terms
from ledger.models import Entry, Posting
from ledger.posting import post
from ledger.reversing import reverse
from ledger.statement import Wanted, statement
from ledger.statement_steps import Cursor
from salon.money import minor
from tests.factories import (
    dollars,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
)


@pytest.fixture
def olivia(db):
    return make_desk("Olivia")


@pytest.fixture
def clara(db):
    return make_client()


def adjust(client, amount, desk, reason="reward"):
    return adjust_balance(
        client=client, amount=dollars(amount), reason=reason, note="", desk=desk, key=uuid.uuid4()
    )


def draw(client, cents, desk, limit=0):
    """Spend credit, and past it up to `limit` on the receivable: one entry."""
    return post(
        key=f"test:{uuid.uuid4()}",
        kind=EntryKind.TENDER,
        legs=[
            Draw(accounts.credit_of(client), cents, short=(accounts.owed_by(client), limit)),
            Move(accounts.OPEN_ORDERS, -cents),
        ],
        desk=desk,
    )


def said(page):
    return [(str(row.amount.amount), str(row.balance.amount)) for row in page.rows]


def walk(client, limit, **more):
    """All rows, page by page."""
    rows, before, pages = [], None, 0
    while True:
        page = statement(client, before=before, limit=limit, **more)
        rows += page.rows
        pages += 1
        if page.older is None:
            return rows, pages
        before = Cursor.parse(str(page.older))


def test_nobody_s_statement_is_empty(clara):
    page = statement(clara)
    assert page.rows == []
    assert page.older is None


def test_each_row_has_what_it_changed_and_the_balance_after(clara, olivia):
    make_credit(clara, 40, desk=olivia)
    adjust(clara, -15, olivia)
    adjust(clara, 5, olivia)
    assert said(statement(clara)) == [("5", "30"), ("-15", "25"), ("40", "40")]


def test_an_entry_that_draws_three_lots_is_one_row(clara, olivia):
    for _ in range(3):
        make_credit(clara, 10, desk=olivia)
    adjust(clara, -25, olivia)
    assert said(statement(clara))[0] == ("-25", "5")
    assert len(statement(clara).rows) == 4


def test_what_is_owed_is_below_zero(clara, olivia):
    make_credit(clara, 10, desk=olivia)
    draw(clara, 2200, olivia, limit=5000)
    assert said(statement(clara)) == [("-22", "-12"), ("10", "10")]


def test_a_gift_that_settles_what_is_owed_is_one_row(clara, olivia):
    make_debt(clara, 12, desk=olivia)
    adjust(clara, 20, olivia)
    assert said(statement(clara)) == [("20", "8"), ("-12", "-12")]


def test_a_client_who_only_owes_has_pages_too(clara, olivia):
    for _ in range(5):
        make_debt(clara, 1, desk=olivia)
    rows, pages = walk(clara, 2)
    assert [row.balance.amount for row in rows] == [-5, -4, -3, -2, -1]
    assert pages == 3


def test_a_reversal_and_what_it_undoes_name_each_other(clara, olivia):
    posted = adjust(clara, 5, olivia)
    reverse(entry=Entry.objects.get(pk=posted.entry_id), desk=olivia)
    newest, oldest = statement(clara).rows
    assert newest.entry.reverses == oldest.entry
    assert oldest.entry.reversed_by == newest.entry
    assert said(statement(clara)) == [("-5", "0"), ("5", "5")]


def test_credit_that_only_moves_leaves_the_balance_alone(clara, olivia):
    lot = make_credit(clara, 30, desk=olivia)
    account = accounts.credit_of(clara)
    post(
        key=f"test:{uuid.uuid4()}",
        kind=EntryKind.LOT_CHANGE,
        legs=[
            Take(lot.pk, 3000),
            Open(account, 3000, Terms(expires_on=dt.date(2030, 1, 1)), lot.pk),
        ],
        desk=olivia,
    )
    assert said(statement(clara))[0] == ("0", "30")


def test_other_clients_are_not_on_it(clara, olivia):
    make_credit(make_client("Ben Okafor"), 10, desk=olivia)
    assert statement(clara).rows == []


def test_whatever_happened_the_pages_add_up(clara, olivia):
    """Random acts on both accounts: each balance follows from the last, on pages of any size."""
    chance = random.Random(7)
    for _ in range(60):
        act = chance.choice(["credit", "draw", "adjust"])
        if act == "credit":
            make_credit(clara, chance.randint(1, 9), desk=olivia)
        elif act == "draw":
            draw(clara, chance.randint(1, 3000), olivia, limit=10**7)
        else:
            adjust(clara, chance.randint(1, 15), olivia)
    whole = statement(clara, limit=1000).rows
    total = balance_of(clara, olivia.business_date).total
    assert whole[0].balance == total
    assert whole[-1].balance == whole[-1].amount
    for newer, older in pairwise(whole):
        assert newer.balance - newer.amount == older.balance
    for limit in (1, 7, 25):
        rows, _ = walk(clara, limit)
        assert rows == whole


def test_a_page_ends_between_entries_even_when_an_entry_has_more_postings_than_it_reads(
    clara, olivia, monkeypatch
):
    monkeypatch.setattr("ledger.statement.READ", 4)
    for _ in range(12):
        make_credit(clara, 1, desk=olivia)
    draw(clara, 1100, olivia)
    for _ in range(3):
        make_credit(clara, 1, desk=olivia)
    rows, _ = walk(clara, 25)
    assert [row.balance.amount for row in rows] == [4, 3, 2, 1, *range(12, 0, -1)]


# --- Filters ----------------------------------------------------------------------------------


def test_filtered_by_kind_the_balances_stay_those_of_the_whole(clara, olivia):
    make_credit(clara, 40, desk=olivia)
    adjust(clara, 5, olivia)
    draw(clara, 1000, olivia)
    adjust(clara, -1, olivia)
    page = statement(clara, wanted=Wanted(kinds=[EntryKind.ADJUSTMENT]))
    assert said(page) == [("-1", "34"), ("5", "45")]


def test_filtered_by_days_both_ends_count(clara, olivia):
    for day in (1, 2, 3, 4):
        at = dt.datetime(2026, 11, day, 17, tzinfo=dt.UTC)
        make_credit(clara, day, desk=make_desk("Olivia", at=at))
    wanted = Wanted(start=dt.date(2026, 11, 2), end=dt.date(2026, 11, 3))
    assert said(statement(clara, wanted=wanted)) == [("3", "6"), ("2", "3")]


def test_a_filter_that_passes_over_much_says_where_to_go_on(clara, olivia, monkeypatch):
    monkeypatch.setattr("ledger.statement.READ_FILTERED", 5)
    adjust(clara, 5, olivia)
    for _ in range(12):
        make_credit(clara, 1, desk=olivia)
    wanted = Wanted(kinds=[EntryKind.ADJUSTMENT])
    first = statement(clara, wanted=wanted)
    assert first.rows == []
    assert first.older is not None
    rows, pages = walk(clara, 25, wanted=wanted)
    assert [row.amount.amount for row in rows] == [5]
    assert pages == 3


# --- Cursors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [None, "", "x", "1", "1.", ".1", "1.2.3", "-1.2", "9" * 30 + ".1", "٣.١"]
)
def test_what_is_no_cursor_starts_at_the_newest(text):
    assert Cursor.parse(text) is None


@pytest.mark.parametrize("text", ["0.0", "999999999999999999.0", "1.0"])
def test_a_forged_cursor_shows_nothing_wrong(clara, olivia, text):
    make_credit(clara, 40, desk=olivia)
    page = statement(clara, before=Cursor.parse(text))
    assert said(page) in ([], [("40", "40")])


# --- What a page costs ------------------------------------------------------------------------


def test_a_page_is_three_queries_whatever_the_history(clara, olivia, django_assert_num_queries):
    make_credit(clara, 1, desk=olivia)
    for wanted in (Wanted(), Wanted(kinds=[EntryKind.OPENING])):
        with django_assert_num_queries(3):
            statement(clara, wanted=wanted)
    make_debt(clara, 1, desk=olivia)
    for _ in range(40):
        make_credit(clara, 1, desk=olivia)
    with django_assert_num_queries(3):
        for row in statement(clara).rows:
            str(row.entry.staff), str(row.entry.location), hasattr(row.entry, "reversed_by")


MANY = """
    with e as (
        insert into ledger_entry (key, content_hash, kind, recorded_at, occurred_at, business_date,
            location_id, staff_id, reason, note, cause_kind, cause_id)
        select 'many:' || i, '', 'adjustment', now(), now(), current_date, {location}, null,
            'reward', '', '', ''
        from generate_series(1, 20000) i returning id, key
    ), l as (
        insert into ledger_lot (account_id, opened_by_id, source, is_paid, since, restriction,
            card_ceiling, sold_at_id, amount, remaining, is_open)
        select {account}, id, 'goodwill', false, current_date, 'any', 0, {location}, 100, 0,
            false from e
        returning id, opened_by_id
    )
    insert into ledger_posting (entry_id, line, account_id, amount, business_date, lot_id,
        balance_after, version)
    select e.id, 1, {account}, -100, current_date, l.id, -100 * n.version, n.version
    from e join l on l.opened_by_id = e.id
    join (select id, {version} + row_number() over (order by id) as version from e) n on n.id = e.id
"""


def test_among_very_many_postings_a_page_reads_its_own(committing_db, connect):
    """Written past the ledger by a superuser, for the sake of quantity; only reading is tried."""
    clara, olivia = make_client(), make_desk("Olivia")
    make_credit(clara, 1, desk=olivia)
    account = Posting.objects.filter(account__client=clara).values_list("account", flat=True)[0]
    with connect(committing_db.superuser_url) as root:
        root.execute("set session_replication_role = replica")
        root.execute(MANY.format(location=make_location().pk, account=account, version=1))
        root.execute("analyze ledger_posting; analyze ledger_entry; analyze ledger_lot")
    page = statement(clara)
    assert len(page.rows) == 25
    plans = []

    def explained(execute, sql, params, many, context):
        if sql.startswith(("SELECT", "(SELECT")) and "ledger_posting" in sql:
            execute(f"explain (analyze, buffers, timing off) {sql}", params, many, context)
            plans.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        statement(clara, before=Cursor(10_000, 0))
    (plan,) = plans
    assert "ledger_posting_version" in plan
    assert "Seq Scan on ledger_posting" not in plan


def test_amounts_are_exact_to_the_cent(clara, olivia):
    make_credit(clara, "0.01", desk=olivia, source=Source.REFUND)
    row = statement(clara).rows[0]
    assert minor(row.amount) == minor(row.balance) == 1
