"""What a client has: figures for screens, which must agree with what a tender could draw."""

import datetime as dt

import pytest

from ledger import accounts
from ledger.balances import balance_of, balances_of, open_lots, spendable
from ledger.errors import NotEnoughCredit
from ledger.kinds import Restriction
from ledger.legs import Draw, Move
from ledger.models import Posting
from tests.factories import dollars, make_appointment, make_credit, make_debt
from tests.ledger.books import act, make_visits

DAY = dt.timedelta(days=1)


@pytest.fixture
def today(desk):
    return desk.business_date


def test_a_client_whom_the_ledger_does_not_know_has_nothing(clara, today):
    balance = balance_of(clara, today)
    assert (balance.total, balance.held, balance.owes, balance.available) == (dollars(0),) * 4
    assert balance.is_empty


def test_the_four_figures(clara, today):
    make_credit(clara, 40)
    make_credit(clara, 15, expires_on=today)
    make_credit(clara, 7, expires_on=today - DAY)
    make_credit(clara, 20, restriction=Restriction.SERVICES)
    make_credit(clara, 30, visit=make_appointment(clara).pk)
    make_debt(clara, 12)
    balance = balance_of(clara, today)
    assert balance.stored == dollars(112)
    assert balance.total == dollars(100)
    assert balance.held == dollars(30)
    assert balance.owes == dollars(12)
    assert balance.available == dollars(75)
    assert not balance.is_empty


def test_the_balance_is_below_zero_when_more_is_owed(clara, today):
    make_debt(clara, 12)
    assert balance_of(clara, today).total == dollars(-12)


def test_a_visit_sees_what_is_held_for_it(clara, today):
    mine, other = make_visits(clara, 2)
    make_credit(clara, 30, visit=mine.pk)
    make_credit(clara, 50, visit=other.pk)
    make_credit(clara, 10)
    assert balance_of(clara, today).available == dollars(10)
    assert balance_of(clara, today, visit=mine).available == dollars(40)


def test_many_clients_are_one_query(clara, ben, ines, today, django_assert_num_queries):
    make_credit(clara, 40)
    make_credit(clara, 2)
    make_debt(ben, 12)
    with django_assert_num_queries(1):
        balances = balances_of([clara, ben.pk, ines], today)
    totals = {pk: balance.total for pk, balance in balances.items()}
    assert totals == {clara.pk: dollars(42), ben.pk: dollars(-12), ines.pk: dollars(0)}


def test_one_client_is_one_query(clara, today, django_assert_num_queries):
    with django_assert_num_queries(1):
        balance_of(clara, today)


def make_every_sort_of_lot(client, today):
    """Two of everything that the order of drawing looks at."""
    visit, *others = make_visits(client, 3)
    for other in others:
        make_credit(client, 1)
        make_credit(client, 1, is_paid=False)
        make_credit(client, 1, restriction=Restriction.PRODUCTS)
        make_credit(client, 1, restriction=Restriction.SERVICES, is_paid=False)
        make_credit(client, 1, expires_on=today + 9 * DAY)
        make_credit(client, 1, expires_on=today, is_paid=False)
        make_credit(client, 1, expires_on=today - DAY)
        make_credit(client, 1, visit=visit.pk, expires_on=today + 30 * DAY)
        make_credit(client, 1, visit=other.pk)
    return visit


def test_the_lots_shown_before_applying_are_those_drawn_and_in_that_order(desk, clara, today):
    visit = make_every_sort_of_lot(clara, today)
    shown = [lot.pk for lot in spendable(clara, today, visit)]
    assert len(shown) == 14
    cents = 100 * len(shown)
    draw = Draw(accounts.credit_of(clara), cents, visit=visit.pk)
    posted = act(desk, draw, Move(accounts.OPEN_ORDERS, -cents))
    drawn = Posting.objects.filter(entry=posted.entry_id, lot__isnull=False).order_by("line")
    assert [posting.lot_id for posting in drawn] == shown


@pytest.mark.parametrize("with_visit", [True, False])
def test_available_is_exactly_what_a_tender_can_draw(desk, clara, today, with_visit):
    visit = make_every_sort_of_lot(clara, today)
    visit = visit if with_visit else None
    available = balance_of(clara, today, visit).available
    cents = int(available.amount * 100)
    assert cents == sum(lot.remaining for lot in spendable(clara, today, visit))
    account, pk = accounts.credit_of(clara), visit.pk if visit else None
    with pytest.raises(NotEnoughCredit):
        act(desk, Draw(account, cents + 1, visit=pk), Move(accounts.OPEN_ORDERS, -cents - 1))
    act(desk, Draw(account, cents, visit=pk), Move(accounts.OPEN_ORDERS, -cents))
    assert balance_of(clara, today, visit).available == dollars(0)


def test_payment_methods_show_held_and_expired_lots_too(clara, today, django_assert_num_queries):
    make_every_sort_of_lot(clara, today)
    with django_assert_num_queries(1):
        lots = list(open_lots(clara))
        assert len(lots) == 18
        assert {lot.opened_by.location.name for lot in lots} == {"Midtown"}
