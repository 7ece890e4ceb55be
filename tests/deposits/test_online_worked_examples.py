"""Deposits taken online, with the books after each step (cents, debit positive).

The processor keeps 2.9 % and 30 cents of each charge: $1.04 of $25.50.
"""

import datetime as dt

import pytest
import time_machine

from cards import attempts
from cards.models import CardRefund, Dispute
from cards.refund_sending import look_refund
from checkout.closing import close_order
from checkout.opening import open_for_visit
from deposits.payments.lapsing import lapse_due
from ledger import accounts
from salon import clock
from tests.cards.paying import sweep
from tests.checkout.helpers import books, pay, remaining
from tests.deposits.online_helpers import (
    BEN,
    balance_of,
    every_cent_is_somewhere,
    fresh,
    held,
    make_shop,
    online,
    opened,
    paid,
)
from tests.factories import dollars, make_desk
from tests.harness.processor import REFUND_FAILS
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db

HELD = {"card": 2446, "fees": 104, "client_credit": -2550}
"""After one deposit of $25.50."""


@pytest.fixture(autouse=True)
def shop(processor):
    return make_shop()


def lapses() -> None:
    with time_machine.travel(clock.now() + dt.timedelta(minutes=11), tick=False):
        lapse_due()


def test_a_deposit_pays_its_visit_and_cash_the_rest(processor):
    request = online()
    assert books() == {}
    paid(processor, request)
    assert books() == HELD

    visit, desk = fresh(request.appointment), make_desk("Jo")
    order = open_for_visit(appointment=visit, desk=desk)
    assert remaining(order) == dollars(85)
    pay(order, "cash", "59.50", desk)
    close_order(order=order, desk=desk)
    assert books() == {"card": 2446, "fees": 104, "cash": 5950, "income": -8500}
    assert held(visit) == dollars(0)
    every_cent_is_somewhere(processor)


def test_a_late_payment_whose_time_is_free_is_a_deposit_like_any_other(processor):
    request = online()
    attempt = opened(request)
    lapses()
    assert books() == {}
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert books() == HELD
    every_cent_is_somewhere(processor)


def test_a_late_payment_whose_time_is_gone_comes_and_goes_and_is_no_income(processor):
    """What the processor keeps of a charge it does not give back with it."""
    request = online()
    attempt = opened(request)
    lapses()
    paid(processor, online(BEN))
    assert books() == HELD

    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert books() == {"card": 2446 - 104, "fees": 208, "client_credit": -2550}
    sweep()
    refund = CardRefund.objects.get()
    assert (refund.status, refund.amount) == ("done", dollars("25.50"))
    there = processor.books()
    (back,) = there["refunds"]
    assert (back["payment_intent"], back["amount"]) == (fresh(attempt).payment_id, 2550)
    assert there["balance"]["usd"] == balance_of(accounts.PROCESSOR) == 2446 - 104
    every_cent_is_somewhere(processor)


def came_too_late(processor):
    """The attempt of a payment that goes straight back to a card which will refuse it."""
    request = online()
    attempt = opened(request)
    lapses()
    paid(processor, online(BEN))
    processor.pay_page(attempt.url, REFUND_FAILS)
    attempts.look(attempt)
    return request, attempt


def test_what_is_disputed_and_refused_is_the_clients_once_the_salon_won(processor):
    """While the bank has it, or keeps it, nobody else gets it."""
    request, attempt = came_too_late(processor)
    dispute = Dispute.objects.create(
        attempt=attempt, gateway_id="du_1", amount=attempt.amount, opened_at=clock.now()
    )
    sweep()
    processor.later()
    assert look_refund(CardRefund.objects.get()).status == CardRefund.Status.REFUSED
    account = accounts.credit_of(request.appointment.client)
    for status in ("open", "lost"):
        Dispute.objects.update(status=status)
        lapse_due()
        assert balance_of(account) == 0
    dispute.status = "won"
    dispute.save()
    for _ in range(2):
        lapse_due()
        assert balance_of(account) == -2550
    assert fresh(CardRefund.objects.get()).instead == "balance"
    assert_well()


def test_where_the_card_refuses_it_the_client_has_it_as_balance(processor):
    request, _ = came_too_late(processor)
    sweep()
    processor.later()
    refund = CardRefund.objects.get()
    assert look_refund(refund).status == CardRefund.Status.REFUSED
    look_refund(refund)
    client = request.appointment.client
    assert -balance_of(accounts.credit_of(client)) == 2550
    assert fresh(refund).instead == "balance"
    assert not CardRefund.objects.stranded().exists()
    assert_well()
