"""The checks of card payments and shares: well after every act, and each finds its own fault."""

import uuid

import pytest
from django.test import Client as Browser

from checkout.charges.refused import in_cash
from checkout.charges.verifying import CHECKS
from checkout.closing import close_order
from checkout.models import Order, OrderCharge
from checkout.providers.paying import mark_paid
from checkout.voiding import void_order
from ledger.verifying import verify
from salon.models import BusinessSettings
from tests.checkout.charges.going_back import (
    by_card,
    refund,
    refund_each,
    refused,
    sold,
    theo_of_his_own,
    with_theo,
)
from tests.checkout.charges.helpers import charge, pays
from tests.checkout.helpers import order_with, pay
from tests.factories import dollars, make_client, make_credit, make_desk


@pytest.fixture
def desk(committing_db, processor):
    return make_desk("Olivia")


@pytest.fixture
def acts(processor, desk):
    """A sale of each kind of act with cards and providers."""
    clara = make_client("Clara Nuñez")
    make_credit(clara, 60)
    account = theo_of_his_own()
    order = with_theo(desk, clara)
    pay(order, "credits", 60, desk)
    by_card(processor, order, 58, desk)
    close_order(order=order, desk=desk)
    refund_each(order, desk, service=20)
    mark_paid(account=account, amount=dollars(5), how="bank", desk=desk, uuid=uuid.uuid4())
    in_cash(refund=refused(processor, desk, clara), desk=desk)
    refund(sold(processor, desk), 10, desk)
    voided = order_with(desk, None, product=40)
    by_card(processor, voided, 40, desk)
    void_order(order=voided, desk=desk, reason="Twice")
    late = order_with(desk, None, product=40)
    made = charge(late, 40, desk)
    Order.objects.filter(pk=late.pk).update(status="voided")
    pays(processor, made)
    lost = with_theo(desk, clara, 30, 0)
    by_card(processor, lost, 30, desk)
    close_order(order=lost, desk=desk)
    BusinessSettings.objects.update(lost_disputes_to_providers=True)
    payment = OrderCharge.objects.get(order=lost).attempt.payment_id
    processor.control("dispute", payment=payment)
    processor.control("close_dispute", payment=payment, won=False)
    processor.deliver(Browser())


def test_they_are_well_and_look_at_something(acts):
    results = {result.check: result for result in verify()}
    assert [result.named for result in results.values() if result.wrong] == []
    assert all(results[check].looked_at for check in CHECKS)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (
            "update checkout_ordercharge set tender_id = null where id = "
            "(select min(id) from checkout_ordercharge where tender_id is not null)",
            "Charges are what their card payments took",
        ),
        (
            "update cards_attempt set amount = amount + 1",
            "Charges are what their card payments took",
        ),
        (
            "update cards_cardrefund set amount = amount - 1 where purpose = 'order'",
            "Charged cards paid a sale, or got it straight back",
        ),
        (
            "update cards_cardrefund set amount = amount - 1 where purpose = 'order_refund'",
            "Cards are sent what refunds give back to them",
        ),
        (
            "update cards_cardrefund set purpose = 'other' where purpose = 'order_refund'",
            "Cards are sent what refunds give back to them",
        ),
        (
            "update checkout_refundpart set destination = 'cash' where destination = 'charge'",
            "Cards are sent what refunds give back to them",
        ),
        (
            "update cards_cardrefund set amount = amount - 1 where instead_entry_id is not null",
            "What a card refused went elsewhere in full",
        ),
        (
            "update checkout_lineitem set provider_id = null",
            "Providers are owed what they earned and was not paid",
        ),
        (
            "update cards_transfer set amount = amount + 1 where by_hand = 'bank'",
            "Providers are owed what they earned and was not paid",
        ),
    ],
)
def test_each_finds_its_fault(acts, committing_db, connect, fault, check):
    with connect(committing_db.owner_url) as owner:
        owner.execute(fault)
    wrong = {result.check for result in verify() if result.wrong}
    assert check in wrong
