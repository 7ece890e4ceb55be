"""What stands on gift cards, card by card, at the end of a day."""

import datetime as dt

import pytest

from ledger import accounts, cards_outstanding
from ledger.cards_outstanding import batches, outstanding, rolled
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind, Flow, Source
from ledger.legs import Draw, Move, Open, Terms
from tests.factories import make_desk, make_location
from tests.ledger.books import act, assert_well

NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def at(days, place=None):
    return make_desk(at=NOON + days * DAY, location=place)


def sell(card, cents, desk, **terms):
    bought = Terms(source=Source.PURCHASE, is_paid=True, **terms)
    opened = Open(f"gift_card/card:{card}", cents, bought)
    return act(desk, opened, Move(accounts.OPEN_ORDERS, cents), kind=EntryKind.SALE)


def redeem(card, cents, desk):
    draw = Draw(f"gift_card/card:{card}", cents)
    return act(desk, draw, Move(accounts.OPEN_ORDERS, -cents), kind=EntryKind.TENDER)


def said(on, **more):
    return [(card.account, card.put_on, card.left) for card in outstanding(on, **more).rows]


def test_no_cards_in_empty_books(db):
    assert outstanding(TODAY).rows == []
    assert outstanding(TODAY).total == 0
    assert sum(rolled(TODAY, TODAY).values()) == 0


def test_the_most_first_with_what_was_put_on_and_when_it_was_used(db):
    sell(1, 5000, at(-100))
    sell(2, 10000, at(-2), expires_on=TODAY + 90 * DAY)
    redeem(1, 2000, at(-1))
    found = outstanding(TODAY)
    [second, first] = found.rows
    assert (second.account, second.left, second.used_on) == ("gift_card/card:2", 10000, None)
    assert second.expires_on == TODAY + 90 * DAY
    assert (first.put_on, first.left, first.used_on) == (5000, 3000, TODAY - DAY)
    assert (found.total, found.cards) == (13000, 2)
    assert found.ages == [10000, 3000, 0, 0]


def test_what_happened_later_does_not_show(db):
    sell(1, 5000, at(-2))
    redeem(1, 5000, at(0))
    assert said(TODAY) == []
    assert said(TODAY - DAY) == [("gift_card/card:1", 5000, 5000)]
    assert outstanding(TODAY - DAY).rows[0].used_on is None
    assert said(TODAY - 3 * DAY) == []


def test_the_roll_forward_ends_where_the_cards_stand(db):
    sell(1, 5000, at(-40))
    sell(2, 1500, at(-5), expires_on=TODAY - DAY)
    redeem(1, 2000, at(-4))
    expire_lots(at(0).at)
    moved = rolled(TODAY - 30 * DAY, TODAY)
    assert {key: cents for key, cents in moved.items() if cents} == {
        "opening": 5000,
        Flow.SOLD: 1500,
        Flow.USED: -2000,
        Flow.EXPIRED: -1500,
    }
    assert sum(moved.values()) == outstanding(TODAY).total == 3000


def test_a_location_is_where_the_card_was_sold(db):
    riverside = make_location("Riverside")
    sell(1, 5000, at(0))
    sell(2, 1000, at(0, riverside))
    redeem(2, 300, at(0))
    assert said(TODAY, place=riverside) == [("gift_card/card:2", 1000, 700)]
    assert sum(rolled(TODAY, TODAY, riverside).values()) == 700


def test_pages_follow_each_other(db, monkeypatch):
    for card in (1, 2, 3):
        sell(card, 1000, at(0))
    monkeypatch.setattr(cards_outstanding, "PAGE", 2)
    monkeypatch.setattr(cards_outstanding, "READ", 2)
    first = outstanding(TODAY)
    second = outstanding(TODAY, after=first.next)
    assert [card.account[-1] for card in first.rows + second.rows] == ["1", "2", "3"]
    assert (second.total, second.next) == (3000, "")
    assert [len(each) for each in batches(TODAY)] == [2, 1]
    assert outstanding(TODAY, after="x.y") == first


@pytest.mark.parametrize("days", [0, 90, 91, 365, 366, 730, 731])
def test_each_age_has_one_place(db, days):
    sell(1, 1000, at(-days))
    assert sum(outstanding(TODAY).ages) == 1000


def test_reading_takes_one_query(db, django_assert_num_queries):
    sell(1, 1000, at(0))
    with django_assert_num_queries(1):
        outstanding(TODAY)
    assert_well()
