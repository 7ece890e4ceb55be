"""A card payment that a provider had a share of is taken back by the client's bank."""

import itertools
import json
import uuid

import pytest
from django.test import Client as Browser

from cards.models import Dispute, ProcessorEvent
from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import OrderCharge
from checkout.providers.earned import statement
from checkout.providers.paid_by import Days
from checkout.providers.paying import mark_paid
from checkout.providers.settled import settled
from checkout.refunding import refund_lines, refund_tender
from ledger import accounts
from ledger.models import Entry
from ledger.verifying import verify
from reports.views.settle_up import ties
from salon.models import BusinessSettings
from tests.cards.paying import balance_of
from tests.checkout.charges.going_back import (
    ACCOUNT,
    by_card,
    owed,
    refund_each,
    sold,
    theo_of_his_own,
    transfers,
    with_theo,
)
from tests.checkout.helpers import books
from tests.factories import dollars, make_client, make_desk, make_tax_rate
from tests.harness.at_once import at_once
from tests.harness.processor import EVENTS_PATH
from tests.ledger.books import assert_well


@pytest.fixture
def desk(committing_db, processor):
    BusinessSettings.objects.update(lost_disputes_to_providers=True)
    return make_desk("Olivia")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def sale(processor, desk, clara, account):
    """$100.00 with Theo, 10 % tax, $18.00 tip: $128.00 by card, of which $118.00 are his."""
    order = with_theo(desk, clara, tax_rate=make_tax_rate("10"))
    by_card(processor, order, 128, desk)
    return close_order(order=order, desk=desk)


def payment(order):
    return OrderCharge.objects.get(order=order).attempt.payment_id


def disputes(processor, order):
    processor.control("dispute", payment=payment(order))
    processor.deliver(Browser())


def ends(processor, order, won):
    processor.control("close_dispute", payment=payment(order), won=won)
    processor.deliver(Browser())


def hand_over(processor, told):
    body = json.dumps(told).encode()
    headers = {"Stripe-Signature": processor.signed(body)}
    answer = Browser().post(EVENTS_PATH, body, "application/json", headers=headers)
    assert answer.status_code == 200


def at_theo_s(processor):
    sent = [one for one in processor.books()["transfers"] if one["destination"] == ACCOUNT]
    return sum(one["amount"] - one["amount_reversed"] for one in sent)


def refund_instead(order, desk, **amounts):
    """To the balance: a card gives nothing back of what its bank took."""
    refund_lines(
        order=order,
        amounts={order.lines.get(kind=kind): dollars(each) for kind, each in amounts.items()},
        destinations={order.tenders.get().pk: "balance"},
        desk=desk,
        uuid=uuid.uuid4(),
    )


def settled_disputes(desk):
    """What the settle-up report has of today: cents."""
    (row,) = settled(Days(desk.business_date, desk.business_date))
    return row.disputed


def lost():
    return balance_of(accounts.DISPUTES_LOST)


def test_lost_the_share_comes_back_and_won_after_all_it_is_payable(processor, desk, sale, account):
    assert transfers() == [("118.00", "done")]
    assert books()["tax"] == -1000

    disputes(processor, sale)
    # Undecided, it is nobody's loss yet.
    assert (transfers(), owed(account), lost()) == ([("118.00", "done")], 0, 0)
    assert balance_of(accounts.DISPUTED) == 12800

    ends(processor, sale, won=False)
    # Of $128.00 the house bears the tax, which it has to pay all the same, and the fee.
    assert lost() == 1000
    assert transfers() == [("118.00", "done"), ("-118.00", "done")]
    assert (owed(account), at_theo_s(processor)) == (0, 0)
    what = [(row.what, str(row.amount), str(row.balance)) for row in statement(account).rows]
    assert what[:2] == [
        ("Taken back", "$118.00", "$0.00"),
        ("Provider’s share of a lost dispute", "-$118.00", "-$118.00"),
    ]
    assert settled_disputes(desk) == -11800
    assert [tie for tie in ties(desk.business_date) if not tie.is_well] == []
    assert_well()

    ends(processor, sale, won=True)
    assert (lost(), owed(account), settled_disputes(desk)) == (0, 11800, 0)
    assert [tie for tie in ties(desk.business_date) if not tie.is_well] == []
    assert_well()


def test_won_nothing_is_taken(processor, desk, sale, account):
    disputes(processor, sale)
    ends(processor, sale, won=True)
    assert (transfers(), owed(account), lost()) == ([("118.00", "done")], 0, 0)
    assert_well()


def test_switched_off_the_house_bears_all_of_it(processor, desk, sale, account):
    BusinessSettings.objects.update(lost_disputes_to_providers=False)
    disputes(processor, sale)
    ends(processor, sale, won=False)
    assert (transfers(), owed(account), lost()) == ([("118.00", "done")], 0, 12800)
    # Switched on later, what was decided stays decided, however often it is told.
    BusinessSettings.objects.update(lost_disputes_to_providers=True)
    for told in processor.books()["events"]:
        if told["type"].startswith("charge.dispute"):
            hand_over(processor, {**told, "id": f"{told['id']}_again"})
    assert lost() == 12800
    assert_well()


def test_told_in_any_order_and_twice_it_is_taken_once(processor, desk, sale, account):
    processor.control("dispute", payment=payment(sale))
    processor.control("close_dispute", payment=payment(sale), won=False)
    told = [it for it in processor.books()["events"] if it["type"].startswith("charge.dispute")]
    *_, last = itertools.permutations(told)
    for turn, event in enumerate([*last, *last]):
        hand_over(processor, {**event, "id": f"{event['id']}_{turn}"})
    assert not ProcessorEvent.objects.exclude(status=ProcessorEvent.Status.APPLIED).exists()
    assert (lost(), owed(account)) == (1000, 0)
    assert transfers() == [("118.00", "done"), ("-118.00", "done")]
    assert Entry.objects.filter(kind="dispute_share").count() == 1
    assert_well()


def test_what_was_refunded_before_is_not_taken_twice(processor, desk, sale, account):
    refund_each(sale, desk, service=55, tip=9)
    # Half went back, and half of the share with it: $59.00 are left with him.
    assert transfers() == [("118.00", "done"), ("-59.00", "done")]
    disputes(processor, sale)
    ends(processor, sale, won=False)
    assert transfers()[2:] == [("-59.00", "done")]
    assert owed(account) == 0
    assert_well()


def test_who_is_paid_by_hand_owes_it_until_they_earn_again(processor, desk, clara):
    account = theo_of_his_own(processor_account="")
    order = with_theo(desk, clara, 100, 0)
    by_card(processor, order, 100, desk)
    close_order(order=order, desk=desk)
    mark_paid(account=account, amount=dollars(100), how="bank", desk=desk, uuid=uuid.uuid4())
    disputes(processor, order)
    ends(processor, order, won=False)
    assert (owed(account), lost(), transfers(by_hand="")) == (-10000, 0, [])
    second = with_theo(desk, clara, 30, 0)
    by_card(processor, second, 30, desk)
    close_order(order=second, desk=desk)
    assert owed(account) == -7000
    assert_well()


def test_only_what_that_payment_paid(processor, desk, clara, account):
    """Two cards paid the sale; one is disputed."""
    order = with_theo(desk, clara, 100, 0)
    by_card(processor, order, 60, desk)
    by_card(processor, order, 40, desk)
    close_order(order=order, desk=desk)
    charges = {charge.tender.amount: charge for charge in OrderCharge.objects.filter(order=order)}
    first = charges[dollars(40)].attempt.payment_id
    processor.control("dispute", payment=first)
    processor.control("close_dispute", payment=first, won=False)
    processor.deliver(Browser())
    assert sorted(transfers()) == sorted([("60.00", "done"), ("40.00", "done"), ("-40.00", "done")])
    assert (owed(account), lost()) == (0, 0)
    assert_well()


def test_refunded_as_well_another_payment_s_transfer_stays(processor, desk, clara, account):
    """Two cards paid; the one that is disputed, lost and refunded takes nothing of the other's."""
    order = with_theo(desk, clara, 100, 0)
    by_card(processor, order, 60, desk)
    by_card(processor, order, 40, desk)
    close_order(order=order, desk=desk)
    disputed = OrderCharge.objects.get(order=order, tender__amount=40)
    processor.control("dispute", payment=disputed.attempt.payment_id)
    processor.control("close_dispute", payment=disputed.attempt.payment_id, won=False)
    processor.deliver(Browser())
    refund_tender(
        tender=disputed.tender,
        amount=dollars(40),
        destination="balance",
        desk=desk,
        uuid=uuid.uuid4(),
    )
    assert (owed(account), at_theo_s(processor), lost()) == (0, 6000, 4000)
    assert_well()


def test_the_house_s_own_sale_is_the_house_s_loss(processor, desk, account):
    order = sold(processor, desk, amount=40)
    disputes(processor, order)
    ends(processor, order, won=False)
    assert (lost(), owed(account)) == (4000, 0)
    assert_well()


def test_a_sale_that_is_open_still_has_no_shares(processor, desk, clara, account):
    order = with_theo(desk, clara, 100, 0)
    by_card(processor, order, 60, desk)
    disputes(processor, order)
    ends(processor, order, won=False)
    assert (lost(), owed(account)) == (6000, 0)
    assert_well()


def test_lost_while_it_is_refunded_at_a_desk(processor, desk, sale, account):
    """One after the other, whichever is first: nothing is taken of what the other had taken."""
    disputes(processor, sale)
    processor.control("close_dispute", payment=payment(sale), won=False)
    told = processor.books()["events"]
    closed = next(it for it in told if it["type"] == "charge.dispute.closed")
    tip = sale.lines.get(kind="tip")
    tender = sale.tenders.get()

    def refunds():
        return refund_lines(
            order=sale,
            amounts={tip: dollars(18)},
            destinations={tender.pk: "balance"},
            desk=desk,
            uuid=uuid.uuid4(),
        )

    answers = at_once(refunds, lambda: hand_over(processor, closed))
    assert not isinstance(answers[0], Refused)
    assert Dispute.objects.get().status == Dispute.Status.LOST
    # All that he had is back, and nothing twice: a tip that was refunded is no loss of his.
    assert at_theo_s(processor) == 0
    assert (owed(account), lost()) == (0, 2800)
    assert_well()


def test_refunded_as_well_the_second_time_is_the_house_s_loss(processor, desk, sale, account):
    disputes(processor, sale)
    ends(processor, sale, won=False)
    assert (owed(account), lost()) == (0, 1000)
    refund_instead(sale, desk, tip=18)
    assert (owed(account), lost()) == (0, 2800)
    assert_well()
    refund_instead(sale, desk, service=55)
    refund_instead(sale, desk, service=55)
    # $128.00 lost and as much refunded: all that was his of it he has given once.
    assert (owed(account), lost(), settled_disputes(desk)) == (0, 12800, 0)
    assert [tie for tie in ties(desk.business_date) if not tie.is_well] == []
    assert "refund" in statement(account).rows[0].lines
    assert_well()

    ends(processor, sale, won=True)
    # What is left is the refund: the house has the payment again, and gave it back once.
    assert (owed(account), lost(), settled_disputes(desk)) == (0, 0, 0)
    assert [tie for tie in ties(desk.business_date) if not tie.is_well] == []
    assert_well()


def test_refunded_after_it_was_won_after_all_nothing_else_moves(processor, desk, sale, account):
    disputes(processor, sale)
    ends(processor, sale, won=False)
    ends(processor, sale, won=True)
    refund_instead(sale, desk, tip=18)
    assert (owed(account), lost()) == (10000, 0)
    assert_well()


def test_verify_finds_a_share_of_what_was_never_lost(processor, desk, sale, account):
    disputes(processor, sale)
    ends(processor, sale, won=False)
    Dispute.objects.update(status=Dispute.Status.WON)
    named = " ".join(sentence for result in verify() for sentence in result.named)
    assert "the dispute is won, and the share is taken" in named
