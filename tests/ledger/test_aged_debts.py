"""What clients owe, and since when: what was paid settles the oldest."""

import datetime as dt

import pytest

from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from ledger import accounts
from ledger.aged_debts import BUCKETS, all_debts, bucket_label, debts, movement
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Open, Terms
from ledger.models import Entry
from ledger.reversing import reverse
from tests.factories import make_client, make_debt, make_desk, make_location
from tests.ledger.books import act, assert_well

NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def at(days, place=None):
    return make_desk(at=NOON + days * DAY, location=place)


def owe(client, cents, desk):
    draw = Draw(accounts.credit_of(client), cents, short=(accounts.owed_by(client), 100_000))
    return act(desk, draw, Move(accounts.OPEN_ORDERS, -cents), kind=EntryKind.TENDER)


def pay(client, cents, desk):
    """Credit that is bought settles what is owed first."""
    terms = Terms(source=Source.PURCHASE, is_paid=True)
    bought = Open(accounts.credit_of(client), cents, terms, settles=accounts.owed_by(client))
    return act(desk, bought, Move(accounts.OPEN_ORDERS, cents), kind=EntryKind.SALE)


def of(client, on=TODAY, place=None):
    [debt] = [each for each in debts(on, place).rows if each.client_id == client.pk]
    return debt


def test_nobody_owes_anything_in_empty_books(db):
    assert debts(TODAY).rows == []
    assert debts(TODAY).total.amount == 0
    assert movement(TODAY, TODAY).closing == 0


def test_what_was_paid_settles_the_oldest(clara):
    """30 in August, 20 in October, 10 today; 35 are paid in November: 15 and 10 are left."""
    owe(clara, 3000, at(-100))
    owe(clara, 2000, at(-45))
    pay(clara, 3500, at(-10))
    owe(clara, 1000, at(0))
    debt = of(clara)
    assert debt.owes == 2500
    assert debt.oldest == TODAY - 45 * DAY
    assert debt.last_paid == TODAY - 10 * DAY
    assert debt.buckets == [1000, 1500, 0, 0]


def test_what_happened_later_does_not_show(clara):
    owe(clara, 3000, at(-100))
    pay(clara, 3000, at(0))
    assert debts(TODAY).rows == []
    before = of(clara, TODAY - DAY)
    assert (before.owes, before.oldest, before.last_paid) == (3000, TODAY - 100 * DAY, None)
    assert before.buckets == [0, 0, 0, 3000]


def test_a_debt_that_was_taken_back_was_never_owed(clara):
    owe(clara, 1000, at(-50))
    mistake = owe(clara, 9000, at(-5))
    reverse(entry=Entry.objects.get(pk=mistake.entry_id), desk=at(-5))
    debt = of(clara)
    assert (debt.owes, debt.oldest, debt.last_paid) == (1000, TODAY - 50 * DAY, None)


def test_a_payment_that_was_undone_paid_nothing(clara):
    owe(clara, 1000, at(-50))
    paid = pay(clara, 1000, at(-5))
    reverse(entry=Entry.objects.get(pk=paid.entry_id), desk=at(-4))
    assert of(clara).oldest == TODAY - 50 * DAY
    assert of(clara).last_paid is None


@pytest.mark.parametrize("days", [0, 30, 31, 60, 61, 90, 91, 400])
def test_each_age_has_one_bucket(clara, days):
    make_debt(clara, 12, desk=at(-days))
    buckets = of(clara).buckets
    assert sum(buckets) == 1200
    start, end = BUCKETS[buckets.index(1200)]
    assert start <= days <= (end or days)


def test_buckets_are_said():
    assert [bucket_label(each) for each in BUCKETS] == [
        "0 to 30 days",
        "31 to 60 days",
        "61 to 90 days",
        "Over 90 days",
    ]


def test_a_debt_keeps_its_day_when_clients_are_merged(clara):
    twin = make_client("Clara Nunez")
    owe(twin, 1000, at(-70))
    desk = make_desk("Marcus", at=NOON)
    seen = Proposal(Pair(twin, clara, desk)).stamp
    merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    debt = of(clara)
    assert (debt.owes, debt.oldest) == (1000, TODAY - 70 * DAY)
    assert of(twin, TODAY - DAY).owes == 1000


def test_a_location_is_where_it_came_to_be_owed(clara):
    riverside = make_location("Riverside")
    owe(clara, 1000, at(-40))
    owe(clara, 500, at(-3, riverside))
    assert of(clara, place=riverside).owes == 500
    assert of(clara).owes == 1500


def test_the_sums_are_of_all_and_the_file_has_all(clara, ben):
    make_debt(clara, 12, desk=at(0))
    make_debt(ben, 30, desk=at(-200))
    found = debts(TODAY, limit=1)
    assert [debt.name for debt in found.rows] == ["Ben Okafor"]
    assert (found.clients, found.buckets) == (2, [1200, 0, 0, 3000])
    assert [debt.owes for debt in all_debts(TODAY)] == [3000, 1200]


def test_what_moved_it_adds_up_to_what_stands(clara, django_assert_num_queries):
    make_debt(clara, 12, desk=at(-60))
    owe(clara, 3000, at(-20))
    pay(clara, 2000, at(-10))
    gift = Open(
        accounts.credit_of(clara),
        500,
        Terms(source=Source.GOODWILL, is_paid=False),
        settles=accounts.owed_by(clara),
    )
    act(at(-5), gift, Move(accounts.GOODWILL, 500), reason="gift")
    with django_assert_num_queries(1):
        moved = movement(TODAY - 30 * DAY, TODAY)
    assert moved.opening == 1200
    assert {way: cents for way, cents in moved.ways.items() if cents} == {
        "Owed new, past the balance at checkout": 3000,
        "Settled with money that came in": -2000,
        "Forgiven with a gift": -500,
    }
    with django_assert_num_queries(1):
        assert moved.closing == sum(debts(TODAY).buckets) == 1700
    assert_well()
