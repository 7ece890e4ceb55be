"""Deposits that were kept, and credit that expired."""

import datetime as dt

import pytest

from ledger import accounts, breakage
from ledger.breakage import Asked, batches, expired, forfeited, forfeited_by_month, page_of
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind, Source
from ledger.legs import Move, Take
from ledger.models import Entry
from ledger.reversing import reverse
from salon.models import MerchantAccount
from tests.factories import make_credit, make_desk, make_location
from tests.ledger.books import act, assert_well, make_visits

NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)
ALL = Asked(TODAY - 400 * DAY, TODAY + 400 * DAY)


def at(days, place=None):
    return make_desk(at=NOON + days * DAY, location=place)


def forfeit(client, cents, desk, *to):
    """A deposit that is kept under the policy."""
    lot = make_credit(
        client,
        cents // 100,
        desk=desk,
        source=Source.DEPOSIT,
        visit=make_visits(client, 1)[0].pk,
    )
    gains = to or (Move(accounts.FORFEITED, -cents),)
    return act(desk, Take(lot.pk, cents), *gains, kind=EntryKind.FORFEIT, note="Did not come")


def rows(asked=ALL):
    return [(row.client, row.amount, row.is_house) for row in page_of(asked)[0]]


def test_nothing_in_empty_books(db):
    assert rows() == []
    assert forfeited(ALL) == (0, 0)
    assert expired(ALL) == []
    assert list(batches(ALL)) == [[]]


def test_a_deposit_that_was_kept(clara):
    forfeit(clara, 3000, at(0))
    [row] = page_of(ALL)[0]
    assert (row.client, row.client_id, row.amount) == ("Clara Nuñez", clara.pk, 3000)
    assert (row.entry.business_date, row.entry.note) == (TODAY, "Did not come")
    assert forfeited_by_month(ALL) == {TODAY.replace(day=1): 3000}


def test_what_a_provider_kept_is_no_income_of_the_salon(clara):
    theo = MerchantAccount.objects.create(name="Theo")
    gains = (Move(accounts.provider(theo), -1000), Move(accounts.FORFEITED, -2000))
    forfeit(clara, 3000, at(0), *gains)
    assert rows() == [("Clara Nuñez", 2000, True), ("Clara Nuñez", 1000, False)]
    assert forfeited(ALL) == (2000, 1000)


def test_what_was_undone_later_stood_until_then(clara):
    kept = forfeit(clara, 3000, at(0))
    reverse(entry=Entry.objects.get(pk=kept.entry_id), desk=at(2))
    assert [amount for _, amount, _ in rows()] == [-3000, 3000]
    assert forfeited(ALL) == (0, 0)
    assert forfeited(Asked(TODAY, TODAY)) == (3000, 0)


def test_what_expired_by_month_and_source(clara, ben):
    make_credit(clara, 15, desk=at(-60), source=Source.GOODWILL, expires_on=TODAY - 40 * DAY)
    expire_lots(at(-30).at)
    make_credit(ben, 20, desk=at(-60), expires_on=TODAY - 1 * DAY)
    make_credit(ben, 5, desk=at(-60), source=Source.GOODWILL, expires_on=TODAY - 1 * DAY)
    expire_lots(at(0).at)
    assert [(f"{each.month:%m}", each.source, each.amount) for each in expired(ALL)] == [
        ("10", "goodwill", 1500),
        ("11", "goodwill", 500),
        ("11", "purchase", 2000),
    ]
    assert [each.amount for each in expired(Asked(TODAY, TODAY))] == [500, 2000]


def test_a_location_is_where_it_was_booked(clara):
    riverside = make_location("Riverside")
    forfeit(clara, 3000, at(0))
    forfeit(clara, 1000, at(0, riverside))
    there = Asked(ALL.start, ALL.end, riverside)
    assert forfeited(there) == (1000, 0)
    assert rows(there) == [("Clara Nuñez", 1000, True)]
    assert expired(there) == []


def test_pages_keep_an_entry_together(clara, ben, monkeypatch):
    theo = MerchantAccount.objects.create(name="Theo")
    gains = (Move(accounts.provider(theo), -1000), Move(accounts.FORFEITED, -2000))
    forfeit(clara, 3000, at(0), *gains)
    forfeit(ben, 3000, at(0), *gains)
    monkeypatch.setattr(breakage, "PAGE", 2)
    monkeypatch.setattr(breakage, "READ", 3)
    first, more = page_of(ALL)
    second, end = page_of(ALL, more)
    assert [row.client for row in first + second] == ["Ben Okafor"] * 2 + ["Clara Nuñez"] * 2
    assert end is None
    assert sum(len(each) for each in batches(ALL)) == 4


@pytest.mark.parametrize("asking", [forfeited, expired, forfeited_by_month])
def test_each_question_is_one_query(clara, asking, django_assert_num_queries):
    forfeit(clara, 3000, at(0))
    with django_assert_num_queries(1):
        asking(ALL)
    assert_well()
