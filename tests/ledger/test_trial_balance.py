"""The trial balance: two columns that add up to the same, on any date."""

import datetime as dt

from ledger import accounts
from ledger.legs import Draw, Move
from ledger.trial_balance import trial_balance
from tests.factories import dollars, make_credit, make_debt, make_desk
from tests.ledger.books import act

NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def columns(balance):
    return [(row.name, row.debit.amount, row.credit.amount) for row in balance.rows]


def test_empty_books_are_balanced(db):
    balance = trial_balance()
    assert balance.rows == []
    assert balance.debit == balance.credit == dollars(0)
    assert balance.is_balanced


def test_by_account(db, clara, ben):
    desk = make_desk()
    make_credit(clara, 40)
    make_credit(ben, 5)
    make_debt(ben, 12)
    act(desk, Move(accounts.cash(desk.till), 300), Move(accounts.OPEN_ORDERS, -300))
    balance = trial_balance()
    assert columns(balance) == [
        (accounts.credit_of(clara), 0, 40),
        (accounts.credit_of(ben), 0, 5),
        (accounts.owed_by(ben), 12, 0),
        (accounts.cash(desk.till), 3, 0),
        (accounts.OPEN_ORDERS, 0, 3),
        (accounts.OPENING, 33, 0),
    ]
    assert balance.debit == balance.credit == dollars(48)


def test_by_kind_nets_the_accounts_of_a_kind(db, clara, ben):
    make_credit(clara, 40)
    make_credit(ben, 5)
    make_debt(ben, 12)
    balance = trial_balance(by="kind")
    assert columns(balance) == [
        ("Client account credit", 0, 45),
        ("Owed by clients", 12, 0),
        ("Opening balances", 33, 0),
    ]
    assert balance.is_balanced


def test_what_stands_at_zero_is_left_out(db, clara):
    make_credit(clara, 40)
    act(make_desk(), Draw(accounts.credit_of(clara), 4000), Move(accounts.OPENING, -4000))
    assert trial_balance().rows == []


def test_as_of_a_business_date_whenever_it_was_recorded(db, clara):
    make_credit(clara, 40, desk=make_desk(at=NOON))
    make_credit(clara, 10, desk=make_desk(at=NOON - 3 * DAY))
    account = accounts.credit_of(clara)
    credits = {
        days: {row.name: row.credit for row in trial_balance(on=TODAY + days * DAY).rows}
        for days in (-4, -3, -1, 0, 1)
    }
    assert {days: rows.get(account) for days, rows in credits.items()} == {
        -4: None,
        -3: dollars(10),
        -1: dollars(10),
        0: dollars(50),
        1: dollars(50),
    }


def test_it_is_one_query(db, clara, django_assert_num_queries):
    make_credit(clara, 40)
    with django_assert_num_queries(1):
        assert trial_balance(by="kind").is_balanced


def test_another_currency_has_a_trial_balance_of_its_own(db, clara):
    make_credit(clara, 40)
    assert trial_balance(currency="EUR").rows == []
