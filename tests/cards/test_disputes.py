"""Disputes and payouts, by events in every order, with the trial balance."""

import itertools
import json

import pytest
from django.test import Client as Browser

from cards import events
from cards.models import Dispute, Payout, ProcessorEvent
from ledger import accounts
from ledger.models import Entry
from tests.cards.paying import assert_books_agree, balance_of, make_paid, sweep
from tests.factories import dollars, make_location
from tests.harness.processor import DISPUTED, EVENTS_PATH
from tests.ledger.books import assert_trial_balance, assert_well

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]

KEPT = {"open_orders": "40.00"}


@pytest.fixture
def hook():
    return Browser()


def told_of(processor, prefix):
    """The events of this kind, as they would be sent."""
    return [it for it in processor.books()["events"] if it["type"].startswith(prefix)]


def hand_over(processor, told):
    body = json.dumps(told).encode()
    headers = {"Stripe-Signature": processor.signed(body)}
    answer = Browser().post(EVENTS_PATH, body, "application/json", headers=headers)
    assert answer.status_code == 200


def all_applied():
    return not ProcessorEvent.objects.exclude(status=ProcessorEvent.Status.APPLIED).exists()


def disputed(processor, end=None):
    """A charge of $40.00 whose bank took it back; `end`: won or lost."""
    attempt = make_paid(processor, 40)
    processor.control("dispute", payment=attempt.payment_id)
    if end:
        processor.control("close_dispute", payment=attempt.payment_id, won=end == "won")
    return attempt


def test_the_bank_takes_a_charge_back_with_a_fee(processor, hook):
    attempt = make_paid(processor, 40, DISPUTED)
    processor.later()
    processor.deliver(hook)
    dispute = Dispute.objects.get()
    assert (dispute.attempt, dispute.amount, dispute.fee) == (attempt, dollars(40), dollars(15))
    assert (dispute.status, dispute.reason) == (Dispute.Status.OPEN, "fraudulent")
    assert dispute.answer_by > dispute.opened_at
    # Of 40.00: 1.46 for the charge and 15.00 for the dispute are kept.
    assert balance_of(accounts.PROCESSOR) == -1646
    assert_trial_balance(debit={"card": "23.54", "fees": "16.46"}, credit=KEPT)
    assert_books_agree(processor)


@pytest.mark.parametrize(("fee", "kept"), [(1500, 1646), (0, 146)])
def test_of_what_had_gone_back_already_only_the_fee_can_move(processor, fee, kept):
    disputed(processor)
    [told] = told_of(processor, "charge.dispute.funds_withdrawn")
    told["data"]["object"] |= {
        "amount": 0,
        "balance_transactions": [{"amount": 0, "fee": fee, "net": -fee}],
    }
    hand_over(processor, told)
    assert all_applied()
    assert balance_of(accounts.PROCESSOR_FEES) == kept
    assert balance_of(accounts.DISPUTED) == 0
    assert_well()


@pytest.mark.parametrize(
    ("end", "debit"),
    [
        ("won", {"card": "23.54", "fees": "16.46"}),
        # What was lost stands among the fees, on an account of its own.
        ("lost", {"fees": "56.46"}),
    ],
)
def test_in_whatever_order_it_is_told_the_end_is_the_same(processor, end, debit):
    disputed(processor, end)
    told = told_of(processor, "charge.dispute")
    assert len(told) == (4 if end == "won" else 3)
    credit = KEPT if end == "won" else {**KEPT, "card": "16.46"}
    from django.db import transaction

    for order in itertools.permutations(told):
        with transaction.atomic():
            for event in (*order, *order):
                hand_over(processor, event)
            assert all_applied()
            assert Dispute.objects.get().status == end
            assert_trial_balance(debit=debit, credit=credit)
            assert_books_agree(processor)
            transaction.set_rollback(True)


def test_only_part_of_what_is_told_has_come_yet(processor):
    """Won is known, and not that it was withdrawn: nothing is posted before that."""
    disputed(processor, "won")
    created, withdrawn, back, closed = told_of(processor, "charge.dispute")
    closed["data"]["object"]["balance_transactions"] = []
    hand_over(processor, created)
    hand_over(processor, closed)
    assert Dispute.objects.get().status == Dispute.Status.WON
    assert not Entry.objects.filter(kind="dispute").exists()
    assert_well()

    hand_over(processor, withdrawn)
    assert_books_agree(processor)
    hand_over(processor, back)
    assert_books_agree(processor)


def test_a_dispute_that_was_lost_and_then_won_all_the_same(processor):
    disputed(processor, "lost")
    for event in told_of(processor, "charge.dispute"):
        hand_over(processor, event)
    charge = processor.books()["charges"][0]
    processor.control("close_dispute", payment=charge["payment_intent"], won=True)
    for event in (*told_of(processor, "charge.dispute"), *told_of(processor, "charge.dispute")):
        hand_over(processor, {**event, "id": f"{event['id']}_again"})
    assert Dispute.objects.get().status == Dispute.Status.WON
    assert balance_of(accounts.DISPUTES_LOST) == 0
    assert_books_agree(processor)


def test_a_dispute_that_is_told_before_its_charge_is_known(processor, monkeypatch, paying):
    """The answer to the charge was lost, and its own events are still on their way."""
    from cards import attempts
    from tests.cards.paying import make_on_file

    processor.fault("/v1/payment_intents/*/confirm", "lost")
    attempt = attempts.send(make_on_file(processor))
    processor.control("dispute", payment=attempt.payment_id)
    for event in told_of(processor, "charge.dispute"):
        hand_over(processor, event)
    assert paying.count("paid") == 1
    assert balance_of(accounts.DISPUTED) == 4000
    assert_books_agree(processor)


def test_a_page_s_charge_is_disputed_before_its_payment_is_known_here(processor):
    """Only the processor knows which page the payment was of."""
    from cards import attempts
    from tests.cards.paying import make_attempt

    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    payment = processor.books()["payments"][0]["id"]
    processor.control("dispute", payment=payment)
    for event in told_of(processor, "charge.dispute"):
        hand_over(processor, event)
    assert Dispute.objects.get().attempt == attempt
    assert_books_agree(processor)


def test_a_dispute_of_somebody_else_s_charge_is_ignored(processor, hook):
    thing = {"id": "du_1", "payment_intent": "pi_1", "amount": 1, "currency": "usd"}
    processor.control("emit", type="charge.dispute.created", object=thing)
    processor.deliver(hook)
    assert ProcessorEvent.objects.get().status == ProcessorEvent.Status.IGNORED
    assert not Dispute.objects.exists()


# --- Payouts --------------------------------------------------------------------------------------


def test_a_payout_brings_the_money_to_the_bank(processor, hook):
    make_paid(processor, 40)
    processor.control("payout")
    processor.deliver(hook, copies=2)
    assert_trial_balance(debit={"bank": "38.54", "fees": "1.46"}, credit=KEPT)
    assert Payout.objects.get().amount == dollars("38.54")
    assert_books_agree(processor)


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
def test_a_payout_that_comes_back_is_at_the_processor_again(processor, order):
    make_paid(processor, 40)
    payout = processor.control("payout", amount=3000)
    processor.control("fail_payout", payout=payout["id"])
    told = told_of(processor, "payout")
    for at in order:
        hand_over(processor, told[at])
    assert (balance_of(accounts.BANK), balance_of(accounts.PROCESSOR)) == (0, 3854)
    assert Entry.objects.filter(kind="payout").count() == 2
    assert_books_agree(processor)


def test_a_payout_that_failed_before_it_was_paid_moved_nothing(processor):
    make_paid(processor, 40)
    payout = processor.control("payout", amount=3000)
    processor.control("fail_payout", payout=payout["id"])
    hand_over(processor, told_of(processor, "payout.failed")[0])
    assert not Entry.objects.filter(kind="payout").exists()
    assert_well()


def test_money_that_is_taken_from_the_bank_is_a_payout_below_zero(processor, hook):
    thing = {"id": "po_1", "amount": -500, "currency": "usd", "arrival_date": 1_790_000_000}
    make_location()
    processor.control("emit", type="payout.paid", object=thing)
    processor.deliver(hook)
    assert_trial_balance(debit={"card": "5.00"}, credit={"bank": "5.00"})
    assert_well()


def test_a_payout_in_a_currency_that_the_books_do_not_keep_is_pointed_out(processor, hook):
    thing = {"id": "po_1", "amount": 500, "currency": "eur", "arrival_date": 1_790_000_000}
    processor.control("emit", type="payout.paid", object=thing)
    processor.deliver(hook)
    event = ProcessorEvent.objects.get()
    assert (event.status, event.note) == (
        ProcessorEvent.Status.IGNORED,
        "A payout in EUR, which the books do not keep.",
    )
    assert sweep() == []


def test_registering_twice_handles_once():
    handlers = events._handlers["payout.paid"]
    from cards import payouts

    payouts.register()
    assert events._handlers["payout.paid"] == handlers
    assert len(handlers) == 1
