"""What every client had and owed at the end of a day, whatever happened later."""

import datetime as dt

import pytest

from ledger import accounts, balances_on, balances_query
from ledger.balances import balances_of
from ledger.balances_on import page_of, rows_of
from ledger.balances_query import BALANCE, NAME, Asked
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move
from ledger.models import Entry
from ledger.reversing import reverse
from tests.factories import (
    make_appointment,
    make_credit,
    make_debt,
    make_desk,
    make_location,
)
from tests.ledger.books import act, assert_well

NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def at(days, place=None):
    return make_desk(at=NOON + days * DAY, location=place)


def spend(client, cents, desk, **more):
    draw = Draw(accounts.credit_of(client), cents, **more)
    return act(desk, draw, Move(accounts.OPEN_ORDERS, -cents), kind=EntryKind.TENDER)


def said(on, **asked):
    return {row.name: row.figures.balance for row in page_of(Asked(on, **asked)).rows}


@pytest.fixture
def story(db, clara, ben, ines):
    """Clara buys 40 and has a gift of 15; Ben owes 12; Ines holds 30 for a visit. A day later Clara
    spends 20, Ben pays nothing, and Ines gets 5 in Riverside."""
    make_credit(clara, 40, desk=at(0))
    make_credit(clara, 15, desk=at(0), source=Source.GOODWILL, expires_on=TODAY)
    make_debt(ben, 12, desk=at(0))
    visit = make_appointment(ines)
    make_credit(ines, 30, desk=at(0), source=Source.DEPOSIT, visit=visit.pk)
    spend(clara, 2000, at(1))
    make_credit(ines, 5, desk=at(1, make_location("Riverside")))


def test_the_split_available_held_and_owed(story, clara, ines, ben):
    rows = {row.client_id: row.figures for row in page_of(Asked(TODAY)).rows}
    assert (rows[clara.pk].available, rows[clara.pk].balance) == (5500, 5500)
    assert rows[clara.pk].sources[Source.PURCHASE] == 4000
    assert rows[clara.pk].sources[Source.GOODWILL] == 1500
    assert (rows[ines.pk].held, rows[ines.pk].available) == (3000, 0)
    assert (rows[ben.pk].owes, rows[ben.pk].balance) == (1200, -1200)


def test_what_happened_later_does_not_show(story):
    assert said(TODAY - DAY) == {}
    assert said(TODAY) == {"Clara Nuñez": 5500, "Ines Duarte": 3000, "Ben Okafor": -1200}
    assert said(TODAY + DAY) == {"Clara Nuñez": 3500, "Ines Duarte": 3500, "Ben Okafor": -1200}


def test_what_was_undone_later_stood_until_then(db, clara):
    make_credit(clara, 40, desk=at(0))
    spent = spend(clara, 1000, at(1))
    reverse(entry=Entry.objects.get(pk=spent.entry_id), desk=at(2))
    assert [said(TODAY + n * DAY)["Clara Nuñez"] for n in range(3)] == [4000, 3000, 4000]


def test_now_is_what_balances_say_and_the_same_as_from_postings(
    story, clara, ben, ines, monkeypatch
):
    on = TODAY + DAY
    now = page_of(Asked(on))
    there = balances_of([clara, ben, ines], on)
    for row in now.rows:
        mine, theirs = row.figures, there[row.client_id]
        assert mine.money("stored") == theirs.stored
        assert mine.money("held") == theirs.held
        assert mine.money("available") == theirs.available
        assert mine.money("owes") == theirs.owes
    monkeypatch.setattr(balances_query, "_LOTS_NOW", balances_query._LOTS_THEN)
    monkeypatch.setattr(balances_query, "_OWED_NOW", balances_query._OWED_THEN)
    assert page_of(Asked(on)) == now


def test_credit_that_expired_and_is_not_written_off_is_in_the_balance_only(db, clara):
    make_credit(clara, 15, desk=at(0), expires_on=TODAY)
    [row] = page_of(Asked(TODAY + DAY)).rows
    assert (row.figures.available, row.figures.balance) == (0, 1500)


def test_a_location_is_where_credit_was_sold_and_owes_nothing(story):
    riverside = make_location("Riverside")
    found = page_of(Asked(TODAY + DAY, place=riverside))
    assert [(row.name, row.figures.balance) for row in found.rows] == [("Ines Duarte", 500)]
    assert (found.total.stored, found.total.owes, found.clients) == (500, 0, 1)


def test_searched_by_name_without_accents_and_sorted(story):
    assert list(said(TODAY, words="nunez cla")) == ["Clara Nuñez"]
    assert said(TODAY, words="nobody %") == {}
    assert list(said(TODAY, sort=NAME)) == ["Ines Duarte", "Clara Nuñez", "Ben Okafor"]


@pytest.mark.parametrize("sort", [NAME, BALANCE])
def test_pages_follow_each_other_and_their_total_is_of_all(story, sort, monkeypatch):
    monkeypatch.setattr(balances_on, "PAGE", 1)
    names, after = [], ""
    for _ in range(5):
        found = page_of(Asked(TODAY, sort=sort), after)
        names += [row.name for row in found.rows]
        assert (found.clients, found.total.balance) == (3, 7300)
        after = found.next
        if not after:
            break
    assert names == list(said_all := [row.name for row in rows_of(Asked(TODAY, sort=sort))])
    assert len(said_all) == 3


@pytest.mark.parametrize("after", ["x", "1", "1.x", "-1.5", "9" * 30 + ".1", "1.\x00", "1.--5"])
def test_a_place_that_is_none_starts_anew(story, after):
    assert len(page_of(Asked(TODAY), after).rows) == 3


def test_reading_takes_two_queries(story, django_assert_num_queries):
    with django_assert_num_queries(2):
        page_of(Asked(TODAY))
    assert_well()
