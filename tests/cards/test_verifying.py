"""verify_ledger names what is wrong with card rows, each thing that can be."""

import pytest
from django.test import Client as Browser

from cards.models import Attempt, CardRefund, Dispute, Payout, Transfer
from cards.transfer_sending import send_transfer
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.models import Entry
from ledger.verifying import verify
from tests.cards.paying import (
    make_attempt,
    make_owed,
    make_paid,
    make_taking_back,
    make_transfer,
    refund_sent,
)
from tests.factories import make_desk, make_merchant_account
from tests.ledger.books import act, assert_well

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]


@pytest.fixture
def lived(processor):
    """A charge with its refund, a transfer taken back in part, a lost dispute, a payout."""
    theo = make_merchant_account(processor_account="acct_theo")
    refund_sent(make_paid(processor, 100), 10)
    make_owed(theo, 40)
    send_transfer(make_taking_back(send_transfer(make_transfer(theo, 40)), 10))
    disputed = make_paid(processor, 30)
    processor.control("dispute", payment=disputed.payment_id)
    processor.control("close_dispute", payment=disputed.payment_id, won=False)
    processor.control("payout", amount=1000)
    processor.deliver(Browser())
    assert_well()


def wrong():
    return [sentence for result in verify() for sentence in result.named]


def an_entry(kind=EntryKind.FEE, debit=accounts.PROCESSOR_FEES, cents=5):
    return act(make_desk(), Move(debit, cents), Move(accounts.PROCESSOR, -cents), kind=kind)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda: CardRefund.objects.update(amount=200), "and 200.00 of it was refunded"),
        (lambda: CardRefund.objects.update(gateway_id=""), "the processor has no name for it"),
        (
            lambda: CardRefund.objects.update(instead_entry=Entry.objects.first()),
            "and settled another way by entry",
        ),
        (
            lambda: CardRefund.objects.update(attempt=make_attempt()),
            "started, and 10.00 of it was refunded",
        ),
        (lambda: Attempt.objects.update(payment_id=""), "paid, and the processor has no name"),
        (
            lambda: Attempt.objects.filter(refunds=None).update(fee_entry=an_entry().entry_id),
            "its fee is entry",
        ),
        (lambda: Attempt.objects.update(fee_entry=None), "no row of the card processor has it"),
        (
            lambda: Transfer.objects.filter(takes_back=None).update(amount=41),
            "puts 4000 on what they are owed",
        ),
        (lambda: Transfer.objects.update(gateway_id=""), "done, and the processor has no name"),
        (
            lambda: Transfer.objects.filter(takes_back=None).update(status="refused"),
            "refused, its entry is",
        ),
        (
            lambda: Transfer.objects.exclude(takes_back=None).update(amount=50),
            "done of 40.00, and 50.00 of it were taken back",
        ),
        (lambda: Dispute.objects.update(amount=31), "dispute du_"),
        (lambda: Dispute.objects.update(status="open"), "open, withdrawn by entry"),
        (
            lambda: Dispute.objects.update(closed_entry=None, status="open"),
            "0 stand on disputed, the undecided disputes make 3000",
        ),
        (lambda: Payout.objects.update(amount=11), "puts 1000 on the bank"),
        (
            lambda: Payout.objects.update(failed_entry=an_entry().entry_id, paid_entry=None),
            "failed by entry",
        ),
        (lambda: an_entry(EntryKind.PAYOUT, accounts.BANK), "payout, and no row"),
        (lambda: an_entry(EntryKind.DISPUTE, accounts.DISPUTED), "dispute, and no row"),
        (lambda: an_entry(EntryKind.SETTLE_UP, accounts.PAID_OUT), "settle_up, and no row"),
    ],
)
def test_what_was_spoiled_is_named(lived, spoil, sentence):
    spoil()
    assert any(sentence in said for said in wrong()), wrong()
