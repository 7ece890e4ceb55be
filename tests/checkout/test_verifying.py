"""Checkout's checks of the books: well after every kind of sale, and each finds its own fault."""

import uuid

import pytest

from checkout.closing import close_order
from checkout.refunding import refund_lines, refund_tender
from checkout.taking_back import take_back
from checkout.verifying import CHECKS
from checkout.voiding import void_order
from ledger.verifying import verify
from tests.checkout.helpers import order_with, pay, sell_credit
from tests.factories import dollars, make_client, make_credit, make_desk, make_tax_rate


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


@pytest.fixture
def closed(desk):
    """A sale of each kind of act; answers with one that was partly refunded."""
    clara, rate = make_client("Clara Nuñez"), make_tax_rate("10")
    make_credit(clara, 100)
    sell_credit(clara, 50, desk, kind="card")
    order = order_with(desk, clara, service=85, product=30, tax_rate=rate)
    pay(order, "credits", 40, desk)
    tender = pay(order, "cash", "86.50", desk)
    take_back(
        tender=tender, amount=dollars("6.50"), destination="cash", desk=desk, uuid=uuid.uuid4()
    )
    pay(order, "check", "6.50", desk)
    close_order(order=order, desk=desk)
    refund_lines(
        order=order,
        amounts={line: dollars("10.01") for line in order.lines.all()},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    refund_tender(
        tender=tender, amount=dollars(5), destination="balance", desk=desk, uuid=uuid.uuid4()
    )
    opened = order_with(desk, clara, service=20)
    pay(opened, "credits", 10, desk)
    part = pay(opened, "cash", 5, desk)
    take_back(tender=part, amount=dollars(5), destination="balance", desk=desk, uuid=uuid.uuid4())
    voided = order_with(desk, clara, service=20)
    pay(voided, "cash", 20, desk)
    void_order(order=voided, desk=desk, reason="Mistake")
    return order


def findings():
    """What checkout's checks found wrong, by check."""
    return {r.check: r.named for r in verify() if r.check in CHECKS and r.wrong}


def test_the_books_are_well_after_every_kind_of_act(closed):
    results = list(verify())
    assert [result.named for result in results if result.wrong] == []
    looked_at = {result.check: result.looked_at for result in results}
    assert all(looked_at[check] for check in CHECKS)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (
            "update checkout_tender set amount = amount + 1 where order_id = %s and kind = 'cash'",
            "Payments posted what they took",
        ),
        (
            "update checkout_tender set owed = owed + 1 where order_id = %s and kind = 'credits'",
            "Payments owe what they posted as owed",
        ),
        (
            "update checkout_tender set taken_back = taken_back + 1"
            " where order_id = %s and kind = 'cash'",
            "Payments gave back what their parts say",
        ),
        (
            "update checkout_lineitem set tax = tax + 1 where order_id = %s",
            "Lines of closed sales are paid in full",
        ),
        (
            "update checkout_allocation set amount = amount - 1 where tender_id in"
            " (select id from checkout_tender where order_id = %s and kind = 'cash')",
            "Payments of closed sales are spent in full",
        ),
        (
            "update checkout_refundpart set amount = amount + 1000 where allocation_id is not null"
            " and refund_id in (select id from checkout_refund where order_id = %s)",
            "Refunds give back no more than was paid",
        ),
        (
            "update checkout_order set status = 'open' where id = %s",
            "Open orders hold what stands on open sales",
        ),
        (
            "update checkout_order set status = 'voided' where id = %s",
            "Voided sales hold no money",
        ),
        (
            "update checkout_linetax set amount = amount + 1 where line_id in"
            " (select id from checkout_lineitem where order_id = %s)",
            "Taxes of lines are the sums of their rates",
        ),
        (
            "update checkout_lineitem set quantity = quantity + 1 where order_id = %s",
            "Lines come to their price",
        ),
        (
            "update checkout_lineitem set discount = discount + 1 where order_id = %s",
            "Discounts took off what they say",
        ),
    ],
)
def test_each_check_finds_its_fault_and_names_the_sale(
    closed, committing_db, connect, fault, check
):
    superuser = connect(committing_db.superuser_url)
    superuser.execute(fault, [closed.pk])
    found = findings()
    assert check in found
    if check != "Open orders hold what stands on open sales" and "Refunds" not in check:
        assert f"#{closed.number}" in " ".join(found[check])
