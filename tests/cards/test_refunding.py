"""Money back to the card: in parts, never beyond the charge; and what a card refuses, also late."""

import uuid

import pytest
from django.db import transaction

from cards.attempts import send
from cards.errors import NotConnected, NotRefundable, RefundSettled
from cards.models import CardRefund
from cards.refund_sending import look_refund, send_refund
from cards.refunding import left_of, retry_refund
from cards.sending import send_after_commit
from ledger import accounts
from tests.cards.paying import (
    assert_books_agree,
    balance_of,
    fresh,
    make_attempt,
    make_paid,
    make_refund,
    put_on_the_balance,
    refund_sent,
    sweep,
    time_passes,
)
from tests.factories import dollars
from tests.harness.at_once import at_once
from tests.harness.processor import REFUND_FAILS, REFUND_TAKES_A_WHILE
from tests.ledger.books import assert_trial_balance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]
Status = CardRefund.Status


def test_a_charge_goes_back_in_parts_and_never_beyond(processor, paying):
    attempt = make_paid(processor, 40)
    assert refund_sent(attempt, 10).status == Status.DONE
    assert refund_sent(attempt, 25).status == Status.DONE
    assert left_of(attempt) == dollars(5)

    with pytest.raises(NotRefundable, match=r"Only \$5.00 of this card payment") as refusal:
        make_refund(attempt, "5.01")
    assert refusal.value.field == "amount"
    assert refund_sent(attempt, 5).status == Status.DONE
    assert left_of(attempt) == dollars(0)
    assert paying.count("refund done") == 3
    # The fee of the charge is not given back.
    assert_trial_balance(debit={"fees": "1.46"}, credit={"card": "1.46"})
    assert_books_agree(processor)


def test_what_is_on_its_way_counts_as_gone(processor):
    attempt = make_paid(processor, 40)
    make_refund(attempt, 30)
    with pytest.raises(NotRefundable):
        make_refund(attempt, 11)


def test_what_was_never_charged_cannot_go_back(processor):
    with pytest.raises(NotRefundable, match=r"was not charged\. Nothing was refunded\."):
        make_refund(make_attempt(), 1)


def test_the_same_form_twice_gives_back_once(processor):
    attempt, key = make_paid(processor), uuid.uuid4()
    first, second = make_refund(attempt, 40, uuid=key), make_refund(attempt, 40, uuid=key)
    assert first.pk == second.pk
    send_refund(first)
    assert send_refund(second).status == Status.DONE
    assert_books_agree(processor)


def test_two_tills_cannot_give_one_charge_back_twice(committing_db, processor):
    attempt = make_paid(processor, 40)
    answers = at_once(*[lambda: refund_sent(attempt, 30)] * 2, told=(NotRefundable,))
    assert sorted(type(answer).__name__ for answer in answers) == ["CardRefund", "NotRefundable"]
    assert_books_agree(processor)


def test_a_refund_that_takes_a_while_is_under_way_until_it_came_through(processor, paying):
    refund = refund_sent(make_paid(processor, number=REFUND_TAKES_A_WHILE))
    assert (refund.status, refund.ended_at) == (Status.PENDING, None)
    assert sweep() == []  # The bank has it: there is no end to be found yet.

    processor.later()
    assert sweep() == []
    assert fresh(refund).status == Status.DONE
    assert [told for told, _ in paying.told[-2:]] == ["refund pending", "refund done"]
    assert_books_agree(processor)


def test_a_card_that_refuses_weeks_later_leaves_the_money_to_be_given_back_another_way(
    processor, paying
):
    attempt = make_paid(processor, 40, REFUND_FAILS)
    refund = refund_sent(attempt, 10)
    assert refund.status == Status.DONE

    processor.later()
    refund = look_refund(refund)

    assert (refund.status, refund.failure) == (Status.REFUSED, "The card is expired or canceled.")
    assert paying.told[-1] == ("refund refused", refund.uuid)
    assert list(CardRefund.objects.stranded()) == [refund]
    assert left_of(attempt) == dollars(40)
    assert_books_agree(processor)

    settled = put_on_the_balance(refund)
    assert (settled.instead, settled.instead_entry_id is not None) == ("balance", True)
    assert not CardRefund.objects.stranded().exists()
    assert balance_of(accounts.OPEN_ORDERS) == -4000
    assert_books_agree(processor)


def test_what_the_processor_refuses_at_once_says_why(processor):
    attempt = make_paid(processor, 40)
    processor.control("dispute", payment=attempt.payment_id)
    refund = refund_sent(attempt, 10)
    assert refund.status == Status.REFUSED
    assert "The client has asked the bank for this money." in refund.failure


def test_after_a_refusal_it_is_asked_anew_under_another_key(processor, paying):
    attempt = make_paid(processor, 40)
    refund = refund_sent(attempt, 10)
    processor.control("fail_refund", refund=refund.gateway_id)
    assert look_refund(refund).status == Status.REFUSED

    retried = retry_refund(refund)
    assert (retried.status, retried.failure, retried.gateway_id) == (Status.WAITING, "", "")
    retried = send_refund(retried)

    assert retried.status == Status.DONE
    assert retried.gateway_id != refund.gateway_id
    assert [told for told, _ in paying.told[-2:]] == ["refund waiting", "refund done"]
    assert len(processor.books()["refunds"]) == 2
    assert_books_agree(processor)


def test_a_retry_whose_answer_was_lost_is_not_taken_for_the_try_that_failed(processor):
    refund = refund_sent(make_paid(processor, 40), 10)
    processor.control("fail_refund", refund=refund.gateway_id)
    look_refund(refund)
    processor.fault("/v1/refunds", "lost")
    assert send_refund(retry_refund(refund)).status == Status.WAITING
    assert sweep() == []
    assert fresh(refund).status == Status.DONE
    assert_books_agree(processor)


def test_a_retry_never_goes_beyond_the_charge_either(processor):
    attempt = make_paid(processor, 40)
    refund = refund_sent(attempt, 30)
    processor.control("fail_refund", refund=refund.gateway_id)
    refund = look_refund(refund)
    refund_sent(attempt, 20)
    with pytest.raises(NotRefundable, match=r"Only \$20.00"):
        retry_refund(refund)


def test_one_refusal_is_settled_once(committing_db, processor):
    refund = refund_sent(make_paid(processor, 40), 10)
    with pytest.raises(RefundSettled, match="did not refuse"):
        put_on_the_balance(refund)
    processor.control("fail_refund", refund=refund.gateway_id)
    refund = look_refund(refund)

    answers = at_once(
        lambda: put_on_the_balance(refund), lambda: retry_refund(refund), told=(RefundSettled,)
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["CardRefund", "RefundSettled"]
    sweep()
    assert_books_agree(processor)


def test_a_refund_is_sent_once_its_transaction_has_committed(committing_db, processor):
    attempt = make_paid(processor)
    with transaction.atomic():
        refund = make_refund(attempt)
        send_after_commit(refund)
        assert processor.books()["refunds"] == []
    assert fresh(refund).status == Status.DONE


def test_what_is_rolled_back_is_not_sent(committing_db, processor):
    attempt = make_paid(processor)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send_after_commit(make_refund(attempt))
        raise ZeroDivisionError
    assert (processor.books()["refunds"], CardRefund.objects.count()) == ([], 0)


def test_what_goes_wrong_after_the_commit_is_left_to_the_sweep(committing_db, processor):
    attempt = make_paid(processor)
    with processor.down(), transaction.atomic():
        send_after_commit(make_refund(attempt))
    assert len(sweep()) == 0
    assert CardRefund.objects.get().status == Status.DONE


def test_an_attempt_may_be_sent_that_way_too(committing_db, processor):
    with transaction.atomic():
        attempt = make_attempt()
        send_after_commit(attempt)
    assert fresh(attempt).url


def test_without_a_processor_nothing_goes_back_to_cards(processor, settings):
    attempt = make_paid(processor)
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(NotConnected, match="Nothing was refunded"):
        make_refund(attempt)
    with pytest.raises(NotConnected):
        send(attempt)


def test_an_answer_that_was_overtaken_does_not_turn_a_refund_back(processor):
    """Somebody looked while it was pending, and writes it down after it came through."""
    from cards.gateway import CardRefundAnswer, RefundStatus
    from cards.refund_sending import _record

    refund = refund_sent(make_paid(processor))
    late = CardRefundAnswer(refund.gateway_id, RefundStatus.PENDING, refund.amount)
    assert _record(refund, late).status == Status.DONE
    time_passes(61)
    assert look_refund(refund).tries == 0
