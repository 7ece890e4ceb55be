"""Deposits that go to the provider at once, with the books after each step (cents)."""

import pytest

from appointments.segments import Wanted
from cards.models import Transfer
from cards.transferring import payable_to
from checkout.closing import close_order
from checkout.lines import add_product
from checkout.opening import open_for_visit, open_order
from checkout.providers.standing import standings
from ledger import accounts
from salon.models import Service
from tests.cards.paying import balance_of, sweep
from tests.checkout.helpers import pay
from tests.deposits.money import by_hand, wish
from tests.deposits.online_helpers import (
    CLARA,
    every_cent_is_somewhere,
    fresh,
    held,
    make_bookable,
    make_maya,
    make_shop,
    online,
    paid,
)
from tests.factories import dollars, make_product, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def theo(processor):
    """He has an account of his own, and clients may book him."""
    make_shop(deposits_go_to="provider")
    theo = make_staff("Theo", books_online=True)
    theo.merchant_account.processor_account = "acct_theo"
    theo.merchant_account.save()
    return theo


@pytest.fixture
def request_(theo, processor):
    """Clara's deposit of $25.50 for a cut with Theo, paid and handed on."""
    found = online(CLARA, services=[Wanted(make_bookable(), theo)])
    paid(processor, found)
    sweep()
    return fresh(found)


def owed(theo) -> int:
    """By the ledger, cents; below zero, he owes the house."""
    return -balance_of(accounts.provider(theo.merchant_account))


def payable(theo):
    return payable_to(theo.merchant_account)


def test_it_is_handed_on_as_soon_as_it_is_paid_and_he_holds_it(request_, theo, desk, processor):
    transfer = Transfer.objects.get()
    assert (transfer.account, transfer.amount) == (theo.merchant_account, dollars("25.50"))
    assert transfer.status == "done" and transfer.attempt.purpose == "deposit"
    lot = request_.appointment.held_lots.get()
    assert lot.holder == theo.merchant_account
    assert (owed(theo), payable(theo)) == (-2550, dollars(0))
    (row,) = standings([theo.merchant_account], desk.business_date)
    assert (row.payable, row.owes) == (dollars(0), dollars(0))
    every_cent_is_somewhere(processor)


def test_redeemed_with_him_it_is_what_he_earned_already(request_, theo, desk, processor):
    order = open_for_visit(appointment=fresh(request_.appointment), desk=desk)
    pay(order, "cash", "59.50", desk)
    close_order(order=order, desk=desk)
    assert (owed(theo), payable(theo)) == (5950, dollars("59.50"))
    every_cent_is_somewhere(processor)


def test_spent_elsewhere_he_owes_it_to_the_house(request_, theo, desk, processor):
    by_hand(request_.appointment, desk, wish("kept", "25.50"))
    assert payable(theo) == dollars(0)
    order = open_order(desk=desk, client=request_.appointment.client)
    add_product(order=order, product=make_product("Mask", 20), desk=desk)
    pay(order, "credits", 20, desk)
    close_order(order=order, desk=desk)
    assert payable(theo) == dollars(-20)
    every_cent_is_somewhere(processor)


def test_refunded_to_the_card_it_comes_back_from_him(request_, theo, desk, processor):
    by_hand(request_.appointment, desk, wish("refunded", "25.50"))
    sweep()
    sweep()
    assert held(request_.appointment) == dollars(0)
    assert (owed(theo), payable(theo)) == (0, dollars(0))
    (back,) = processor.books()["reversals"]
    assert back["amount"] == 2550


def test_forfeited_it_is_his(request_, theo, desk, processor):
    by_hand(request_.appointment, desk, wish("forfeited", "25.50"))
    assert (owed(theo), payable(theo)) == (0, dollars(0))
    assert balance_of(accounts.FORFEITED) == 0
    every_cent_is_somewhere(processor)


def test_for_a_visit_that_two_give_the_house_takes_it(theo, processor):
    both = [Wanted(make_bookable(), theo), Wanted(make_bookable("Gloss", 15), make_maya())]
    found = online(services=both, expected=30)
    paid(processor, found)
    assert not Transfer.objects.exists()
    assert found.appointment.held_lots.get().holder is None
    every_cent_is_somewhere(processor)


@pytest.mark.parametrize("account", ["", "acct_theo"])
def test_so_it_does_where_he_is_not_connected_or_the_owner_says_so(theo, processor, account):
    if account:
        make_shop(percent=None, deposits_go_to="house")
    else:
        theo.merchant_account.processor_account = ""
        theo.merchant_account.save()
    paid(processor, online(services=[Wanted(Service.objects.first() or make_bookable(), theo)]))
    assert not Transfer.objects.exists()
    every_cent_is_somewhere(processor)
