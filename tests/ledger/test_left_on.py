"""What was left of each lot on a day: both ways to ask say the same, and the day chooses one."""

import datetime as dt

import pytest
from django.db import connection

from ledger import accounts, left_on
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move
from ledger.models import Entry
from ledger.reversing import reverse
from salon import clock
from tests.factories import make_credit, make_desk
from tests.ledger.books import act

DAY = dt.timedelta(days=1)


def found(query, on):
    with connection.cursor() as cursor:
        cursor.execute(query, {"on": on})
        return {lot: int(amount) for lot, amount in cursor.fetchall()}


@pytest.fixture
def story(db, clara, ben):
    """Clara buys 40 and spends 15 of it a day later; the day after she has them back, and Ben 5."""
    noon = clock.now()
    days = [make_desk(at=noon - DAY * ago) for ago in (3, 2, 1)]
    lot = make_credit(clara, 40, desk=days[0]).pk
    draw = Draw(accounts.credit_of(clara), 1500)
    legs = draw, Move(accounts.OPEN_ORDERS, -1500)
    spent = act(days[1], *legs, kind=EntryKind.TENDER)
    reverse(entry=Entry.objects.get(pk=spent.entry_id), desk=days[2])
    gift = make_credit(ben, 5, desk=days[2], source=Source.GOODWILL).pk
    first, second, third = (desk.business_date for desk in days)
    return {
        first - DAY: {},
        first: {lot: 4000},
        second: {lot: 2500},
        third: {lot: 4000, gift: 500},
    }


def test_both_ways_say_what_was_left_then(story):
    for on, left in story.items():
        assert found(left_on._UP_TO, on) == left
        assert found(left_on._BACK, on) == left


def test_the_way_back_is_for_days_just_over():
    today = clock.now().date()
    assert left_on.left_on(today) == left_on._BACK
    assert left_on.left_on(today - 400 * DAY) == left_on._UP_TO
