"""The trial balance as people read it, and the entries of one account."""

import datetime as dt

import pytest

from ledger import account_names, accounts
from ledger.account_rows import all_entries_of, entries_of, kinds_and_accounts
from ledger.kinds import EntryKind
from ledger.legs import Draw, Move
from ledger.models import Account
from ledger.snapshots import advance
from salon.models import MerchantAccount
from tests.factories import make_credit, make_debt, make_desk, make_location, make_staff
from tests.ledger.books import act, assert_well

NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def at(days, place=None):
    return make_desk(at=NOON + days * DAY, location=place)


def take_cash(cents, desk):
    legs = Move(accounts.cash(desk.till), cents), Move(accounts.OPEN_ORDERS, -cents)
    return act(desk, *legs, kind=EntryKind.TENDER)


def said(on, place=None):
    return {
        kind.kind.value: [(each.label, each.net) for each in kind.accounts] or kind.net
        for kind in kinds_and_accounts(on, place)
    }


def test_no_accounts_in_empty_books(db):
    assert kinds_and_accounts(TODAY) == []


def test_clients_are_one_figure_and_the_house_is_named(db, clara, ben):
    make_credit(clara, 40, desk=at(0))
    make_credit(ben, 5, desk=at(0))
    make_debt(ben, 12, desk=at(0))
    take_cash(300, at(0))
    found = said(TODAY)
    assert (found["client_credit"], found["receivable"]) == (-4500, 1200)
    assert found["cash"] == [(f"{at(0).till}, Midtown", 300)]
    assert found["open_orders"] == [("Open orders", -300)]
    assert sum(kind.net for kind in kinds_and_accounts(TODAY)) == 0


def test_what_happened_later_does_not_show(db, clara):
    make_credit(clara, 40, desk=at(0))
    draw = Draw(accounts.credit_of(clara), 4000)
    act(at(1), draw, Move(accounts.OPEN_ORDERS, -4000), kind=EntryKind.TENDER)
    assert said(TODAY - DAY) == {}
    assert said(TODAY) == {"client_credit": -4000, "opening": [("Opening balances", 4000)]}
    assert "client_credit" not in said(TODAY + DAY)


def test_a_snapshot_changes_no_figure(db, clara):
    make_credit(clara, 40, desk=at(0))
    take_cash(300, at(0))
    before = kinds_and_accounts(TODAY)
    advance()
    assert kinds_and_accounts(TODAY) == before
    take_cash(200, at(0))
    assert said(TODAY)["open_orders"] == [("Open orders", -500)]


def test_a_location_balances_by_itself(db, clara):
    riverside = make_location("Riverside")
    make_credit(clara, 40, desk=at(0))
    take_cash(300, at(0, riverside))
    there = kinds_and_accounts(TODAY, riverside)
    assert {kind.kind.value: kind.net for kind in there} == {"cash": 300, "open_orders": -300}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("open_orders/", "Open orders"),
        ("card/processor", "Card processor"),
        ("income/services", "Services"),
        ("income/paid_in", "Paid into a till"),
        ("other_tender/check", "Checks"),
        ("cash/till:999999", "Till 999999"),
        ("tips/staff:x", "Staff x"),
    ],
)
def test_accounts_without_a_row_have_words(db, name, label):
    assert account_names.named([name])[name].name == label


def test_accounts_are_called_what_they_are_about(db, clara):
    maya, theo = make_staff("Maya"), MerchantAccount.objects.create(name="Theo")
    place = make_location()
    names = {
        accounts.tips(maya): "Maya",
        accounts.provider(theo): "Theo",
        accounts.safe(place): f"Safe, {place.name}",
        accounts.credit_of(clara): "Clara Nuñez",
    }
    found = account_names.named(names)
    assert {name: each.name for name, each in found.items()} == names
    assert found[accounts.credit_of(clara)].url == f"/clients/{clara.pk}/history/"


def test_the_entries_of_an_account_page_by_page(db):
    riverside = make_location("Riverside")
    for days, cents in ((-2, 100), (-1, 200), (-1, 300), (0, 400), (1, 500)):
        take_cash(cents, at(days))
    take_cash(50, at(0, riverside))
    orders = Account.objects.get(name=accounts.OPEN_ORDERS)

    def amounts(*args, **more):
        return [row.amount for row in entries_of(orders, *args, **more)]

    first = entries_of(orders, TODAY, limit=2)
    assert [row.amount for row in first] == [-50, -400]
    assert amounts(TODAY, after=first[-1].cursor, limit=2) == [-300, -200]
    assert amounts(TODAY, riverside) == [-50]
    assert amounts(TODAY, after="nonsense", limit=1) == amounts(TODAY, limit=1)
    assert sum(len(each) for each in all_entries_of(orders, TODAY)) == 5
    assert_well()
