"""Two devices at one till, with real connections and real commits."""

import pytest
from django.db import transaction

from checkout.closing import close_order
from checkout.errors import Refused, StaleTill
from checkout.models import Tender, TillSession
from checkout.tills.figures import expected_in, figures_of
from checkout.tills.locking import hold
from tests.checkout.helpers import order_with, pay
from tests.checkout.tills.acts import closes, opens, pays_out
from tests.factories import dollars, make_desk
from tests.harness.at_once import LIMIT, at_once, start, until_waiting
from tests.ledger.books import assert_well


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


def test_two_devices_open_one_till_and_the_second_is_told(desk):
    answers = at_once(lambda: opens(desk, 100), lambda: opens(desk, 80))
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "TillSession"]
    refused = next(answer for answer in answers if isinstance(answer, Refused))
    assert "was already opened by Olivia" in refused.message
    assert_well()


def test_two_devices_close_at_once_and_one_count_stands(desk):
    session = opens(desk, 100)
    answers = at_once(
        *[lambda counted=counted: closes(desk, session, counted, 50) for counted in (99, 101)]
    )
    assert answers[0].counted == answers[1].counted
    assert TillSession.objects.get().counted in (dollars(99), dollars(101))
    assert_well()


def test_two_devices_take_the_last_of_the_till_and_one_is_told(desk):
    opens(desk, 100)
    answers = at_once(*[lambda: pays_out(desk, 60) for _ in range(2)])
    assert sorted(type(answer).__name__ for answer in answers) == ["CashMovement", "Refused"]
    assert expected_in(desk.till) == 4000


def test_sales_while_the_till_is_closed_are_in_the_count_or_after_it(desk):
    session = opens(desk, 100)
    orders = [order_with(desk, service=10) for _ in range(6)]

    def sell(order):
        tender = pay(order, "cash", 10, desk)
        close_order(order=order, desk=desk)
        return tender

    answers = at_once(
        *[lambda order=order: sell(order) for order in orders],
        lambda: closes(desk, session, 100, 100, shown=dollars(100)),
    )
    assert all(isinstance(answer, Tender) for answer in answers[:-1])
    closed = TillSession.objects.get()
    if isinstance(answers[-1], StaleTill):
        assert closed.is_open
    else:
        assert figures_of(closed).expected == closed.expected == dollars(100)
    assert expected_in(desk.till) == 16000
    assert_well()


def test_whoever_closes_waits_for_a_sale_that_is_taking_cash(desk):
    """A payment that posted and has not committed is in the expected, or the close is refused."""
    session = opens(desk, 100)
    order = order_with(desk, service=40)
    with transaction.atomic():
        pay(order, "cash", 40, desk)
        closing = start(lambda: closes(desk, session, 100, 100, shown=dollars(100)))
        until_waiting(1)
        assert not closing.done()
    with pytest.raises(Refused, match=r"\$40.00 in cash was taken since you counted"):
        closing.result(LIMIT)


def test_sales_at_one_till_do_not_wait_for_each_other(desk):
    pay(order_with(desk, service=10), "cash", 10, desk)  # The accounts exist.
    first, second = order_with(desk, service=10), order_with(desk, service=10)
    with transaction.atomic():
        pay(first, "cash", 10, desk)
        assert start(lambda: pay(second, "cash", 10, desk)).result(LIMIT).order == second


def test_cash_waits_while_the_till_is_held(desk):
    order = order_with(desk, service=10)
    with transaction.atomic():
        hold(desk.till)
        paying = start(lambda: pay(order, "cash", 10, desk))
        until_waiting(1)
        assert not paying.done()
    assert paying.result(LIMIT).order == order
