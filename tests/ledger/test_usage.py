"""Account credit that was used, told by sales that were made, taken back and refunded."""

import datetime as dt
import uuid

import pytest

from checkout.closing import close_order
from checkout.refunding import refund_tender
from checkout.taking_back import take_back
from ledger import usage
from ledger.kinds import Source
from ledger.usage import Asked, batches, page_of, totals
from salon import clock
from salon.models import BusinessSettings
from tests.checkout.helpers import order_with, pay
from tests.factories import dollars, make_credit, make_desk, make_location
from tests.ledger.books import assert_well


def asked(**more):
    today = make_desk().business_date
    return Asked(**{"start": today, "end": today} | more)


def rows(**more):
    return [(use.client, use.credit, use.owed) for use in page_of(asked(**more))[0]]


def sale(client, amount, desk):
    order = order_with(desk, client, service=amount)
    pay(order, "credits", amount, desk)
    return close_order(order=order, desk=desk)


@pytest.fixture
def marcus(db):
    return make_desk("Marcus")


@pytest.fixture
def bought(clara, marcus):
    """Clara has 40 that she paid for and a gift of 15, which is spent first."""
    make_credit(clara, 40)
    make_credit(clara, 15, source=Source.GOODWILL, expires_on=marcus.business_date)


def test_nothing_was_used_in_empty_books(db):
    assert page_of(asked()) == ([], "")
    assert totals(asked()).credit == 0
    assert list(batches(asked())) == []


def test_a_sale_is_one_row_with_its_sale_and_who_sold_it(bought, clara, desk):
    order = sale(clara, 50, desk)
    [use] = page_of(asked())[0]
    assert (use.client, use.credit, use.owed) == ("Clara Nuñez", 5000, 0)
    assert use.cause == ("order", str(order.uuid))
    assert (use.staff, use.location) == (desk.staff.name, desk.location.name)
    assert totals(asked()).sources == dict.fromkeys(Source.values, 0) | {
        "purchase": 3500,
        "goodwill": 1500,
    }


def test_what_is_taken_back_and_refunded_is_below_zero(bought, clara, marcus):
    order = order_with(marcus, clara, service=20)
    tender = pay(order, "credits", 20, marcus)
    back = {"destination": "credits", "desk": marcus}
    take_back(tender=tender, amount=dollars(20), uuid=uuid.uuid4(), **back)
    closed = sale(clara, 30, marcus)
    refund_tender(tender=closed.tenders.get(), amount=dollars(10), uuid=uuid.uuid4(), **back)
    assert [credit for _, credit, _ in rows()] == [-1000, 3000, -2000, 2000]
    assert totals(asked()).credit == 2000


def test_what_is_owed_stands_apart(clara, marcus):
    BusinessSettings.objects.update(negative_balances=True, negative_balance_limit=dollars(100))
    make_credit(clara, 10)
    sale(clara, 25, marcus)
    assert rows() == [("Clara Nuñez", 1000, 1500)]
    assert (totals(asked()).credit, totals(asked()).owed) == (1000, 1500)


def test_buying_credit_and_expiring_are_no_use(bought):
    assert rows() == []


def test_filtered_by_days_place_and_client(bought, clara, ben, desk):
    riverside = make_desk(location=make_location("Riverside"))
    make_credit(ben, 40)
    sale(clara, 10, desk)
    sale(ben, 5, riverside)
    yesterday = desk.business_date - dt.timedelta(days=1)
    assert rows(start=yesterday, end=yesterday) == []
    assert rows(place=riverside.location) == [("Ben Okafor", 500, 0)]
    assert rows(words="nunez") == [("Clara Nuñez", 1000, 0)]
    assert totals(asked(words="nunez")).credit == 1000


def test_pages_follow_each_other(bought, clara, desk, monkeypatch):
    for amount in (1, 2, 3):
        sale(clara, amount, desk)
    monkeypatch.setattr(usage, "PAGE", 2)
    monkeypatch.setattr(usage, "READ", 2)
    first, more = page_of(asked())
    second, end = page_of(asked(), more)
    assert [use.credit for use in first + second] == [300, 200, 100]
    assert end == ""
    assert [use.credit for uses in batches(asked()) for use in uses] == [300, 200, 100]
    for nonsense in ("x", f"{clock.now().date()}.1", "2026-99-99.1.1", "1.1.1"):
        assert page_of(asked(), nonsense)[0] == first


def test_the_totals_are_those_of_all_rows(bought, clara, desk):
    sale(clara, 50, desk)
    for wanted in (asked(), asked(words="clara"), asked(place=desk.location)):
        assert totals(wanted).credit == sum(use.credit for use in page_of(wanted)[0]) == 5000
    assert totals(asked()) == totals(asked(words="clara"))


def test_a_page_takes_one_query_and_its_totals_two(bought, clara, desk, django_assert_num_queries):
    sale(clara, 10, desk)
    wanted = asked()
    with django_assert_num_queries(1):
        page_of(wanted)
    with django_assert_num_queries(2):
        totals(wanted)
    assert_well()
