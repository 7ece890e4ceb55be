"""The process dies between any two steps; the processor is down, slow, broken, or answers too late.

Each time: no client is charged twice, no charge goes unrecorded, nothing is recorded that was not
charged, and in the end nothing is open.
"""

import itertools
import threading
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cards import attempts, recording
from cards.models import Attempt, CardRefund, Transfer
from cards.refund_sending import send_refund
from cards.transfer_sending import send_transfer
from ledger import accounts
from tests.cards.killing import Killed, killed_after
from tests.cards.paying import (
    Way,
    assert_books_agree,
    balance_of,
    fresh,
    make_attempt,
    make_on_file,
    make_owed,
    make_paid,
    make_refund,
    make_taking_back,
    make_transfer,
    settle_everything,
    sweep,
    taken,
    time_passes,
)
from tests.factories import make_merchant_account
from tests.harness.at_once import LIMIT, at_once, start
from tests.harness.processor import DECLINED_LATER, FRONT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]
Status = Attempt.Status
MOST_STEPS = 20


def whole_life(begin, act) -> Iterator[object]:
    """`act` on a row of `begin`, killed at each step in turn until it comes through unharmed."""
    for steps in range(MOST_STEPS):
        row = begin()
        with killed_after(steps) as died:
            act(row)
        yield row
        if not died[0]:
            assert steps > 1, "it never asked the processor"
            return
    raise AssertionError("It never ends.")


# --- Killed ---------------------------------------------------------------------------------------


def test_killed_anywhere_while_a_card_on_file_is_charged(processor):
    lives = whole_life(lambda: make_on_file(processor), attempts.send)
    ends = []
    for attempt in lives:
        settle_everything()
        ends.append(fresh(attempt).status)
        assert_books_agree(processor)
    # Before it was confirmed nothing is charged; from then on it is, once.
    assert ends == sorted(ends)
    assert set(ends) == {Status.CANCELED, Status.SUCCEEDED}


def test_killed_anywhere_while_a_card_on_file_is_declined(processor):
    begin = lambda: make_on_file(processor, DECLINED_LATER)  # noqa: E731
    for attempt in whole_life(begin, attempts.send):
        settle_everything()
        assert fresh(attempt).status in (Status.CANCELED, Status.FAILED)
        assert taken(processor) == {}


def test_killed_anywhere_on_the_way_of_a_page(processor):
    def act(attempt):
        opened = attempts.send(attempt)
        processor.pay_page(opened.url)
        attempts.look(opened)

    for attempt in whole_life(make_attempt, act):
        settle_everything()
        assert (fresh(attempt).status == Status.SUCCEEDED) == (fresh(attempt).payment_id != "")
        assert_books_agree(processor)
    assert len(taken(processor)) >= 3


def test_killed_anywhere_while_a_page_is_canceled(processor):
    begin = lambda: attempts.send(make_attempt())  # noqa: E731
    for attempt in whole_life(begin, attempts.cancel):
        assert sweep() == []  # The wish to cancel was written first: nobody has to ask again.
        assert fresh(attempt).status == Status.CANCELED
        assert_books_agree(processor)


def test_killed_anywhere_while_a_reader_asks(processor):
    def act(attempt):
        attempts.send(attempt)
        processor.present_card(FRONT)
        attempts.look(attempt)

    for attempt in whole_life(lambda: make_attempt(Way.READER), act):
        settle_everything()
        assert not fresh(attempt).is_open
        assert_books_agree(processor)
    assert taken(processor)


def test_a_reader_that_was_cut_off_asks_again_when_somebody_looks(processor):
    """Killed once its payment was made, before the reader was told."""
    attempt = make_attempt(Way.READER)
    with killed_after(2):
        attempts.send(attempt)
    assert attempts.look(attempt).status == Status.WAITING
    processor.present_card(FRONT)
    assert attempts.look(attempt).status == Status.SUCCEEDED


def test_a_payment_that_was_cut_off_before_its_card_was_asked_is_never_confirmed_later(processor):
    attempt = make_on_file(processor)
    with killed_after(2):
        attempts.send(attempt)
    assert fresh(attempt).payment_id
    assert attempts.look(attempt).status == Status.STARTED
    assert [line for line in sweep() if str(attempt.uuid) in line]

    time_passes(3)
    attempt = attempts.look(attempt)
    assert attempt.status == Status.CANCELED
    assert "did not answer in time. Nothing was charged" in attempt.failure
    assert processor.books()["payments"][0]["status"] == "canceled"
    assert taken(processor) == {}


def test_killed_anywhere_while_a_refund_is_sent(processor):
    begin = lambda: make_refund(make_paid(processor))  # noqa: E731
    for refund in whole_life(begin, send_refund):
        assert sweep() == []
        assert fresh(refund).status == CardRefund.Status.DONE
        assert_books_agree(processor)


def test_killed_anywhere_while_a_provider_is_paid(processor):
    theo = make_merchant_account(processor_account="acct_theo")
    make_paid(processor, 500)
    make_owed(theo, 400)
    for transfer in whole_life(lambda: make_transfer(theo), send_transfer):
        assert sweep() == []
        assert fresh(transfer).status == Transfer.Status.DONE
        assert_books_agree(processor)


def test_killed_anywhere_while_a_transfer_is_taken_back(processor):
    theo = make_merchant_account(processor_account="acct_theo")
    make_paid(processor, 500)
    make_owed(theo, 400)

    def begin():
        return make_taking_back(make_transfer(theo))

    for back in whole_life(begin, send_transfer):
        assert sweep() == []
        assert fresh(back).status == Transfer.Status.DONE
        assert_books_agree(processor)


def test_killed_between_the_charge_and_the_record(processor, monkeypatch):
    attempt = make_on_file(processor)

    def die(*given):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(recording, "post_fee", die)
        attempts.send(attempt)
    assert fresh(attempt).status == Status.STARTED
    assert balance_of(accounts.PROCESSOR) == 0

    assert sweep() == []
    assert fresh(attempt).status == Status.SUCCEEDED
    assert_books_agree(processor)


def test_an_order_that_cannot_be_recorded_leaves_the_charge_to_the_sweep(processor, paying):
    """It is told each time, and stops no other."""
    paying.breaks = True
    attempt = make_on_file(processor)
    with pytest.raises(RuntimeError):
        attempts.send(attempt)
    other = make_refund(make_paid_while(paying, processor))
    assert ["the order cannot be recorded" in line for line in sweep()] == [True]
    assert fresh(other).status == CardRefund.Status.DONE

    paying.breaks = False
    assert sweep() == []
    assert_books_agree(processor)


def make_paid_while(paying, processor):
    paying.breaks = False
    attempt = make_paid(processor)
    paying.breaks = True
    return attempt


# --- No answer ------------------------------------------------------------------------------------

CALLS = ["/v1/checkout/sessions", "/v1/payment_intents", "/v1/payment_intents/*/confirm"]
FAULTS = ["close", "500", "kept_500", "429", "lost", "done_500"]


@pytest.mark.parametrize(("path", "how"), list(itertools.product(CALLS, FAULTS)))
def test_whatever_is_answered_no_charge_is_lost_or_doubled(processor, path, how):
    processor.fault(path, how)
    page, kept = make_attempt(), make_on_file(processor)
    for attempt in (page, kept):
        assert attempts.send(attempt).status in (Status.STARTED, Status.WAITING, Status.SUCCEEDED)
    if url := fresh(page).url:
        processor.pay_page(url)
    settle_everything()
    assert_books_agree(processor)
    assert not [attempt for attempt in Attempt.objects.all() if attempt.is_open]


@pytest.mark.parametrize("how", ["lost", "done_500"])
def test_a_charge_whose_answer_was_lost_is_found(processor, paying, how):
    processor.fault("/v1/payment_intents/*/confirm", how)
    attempt = attempts.send(make_on_file(processor))
    assert attempt.status == Status.STARTED
    assert attempts.look(attempt).status == Status.SUCCEEDED
    assert paying.count("paid") == 1
    assert_books_agree(processor)


def test_a_page_whose_answer_was_lost_is_found_by_its_key(processor):
    processor.fault("/v1/checkout/sessions", "lost")
    attempt = attempts.send(make_attempt())
    assert (attempt.status, attempt.url) == (Status.STARTED, "")
    attempt = attempts.look(attempt)
    assert attempt.status == Status.WAITING
    assert attempt.url == processor.books()["sessions"][0]["url"]
    assert len(processor.books()["sessions"]) == 1


def test_a_page_that_the_processor_broke_over_is_ended_without_its_help(processor):
    """Its key is answered with the error for good. Nobody was shown the page, if there is one."""
    processor.fault("/v1/checkout/sessions", "kept_500")
    attempt = attempts.send(make_attempt())
    assert attempts.look(attempt).status == Status.STARTED
    assert attempts.cancel(attempt).status == Status.CANCELED


def test_an_answer_after_the_timeout_is_found(processor):
    kept = make_on_file(processor)
    processor.patience(0.3)
    processor.fault("/v1/payment_intents/*/confirm", "slow")
    attempt = attempts.send(kept)
    assert attempt.status == Status.STARTED
    assert attempts.look(attempt).status == Status.SUCCEEDED
    processor.release()
    assert_books_agree(processor)


def test_a_charge_that_arrives_long_after_it_was_given_up_takes_nothing(processor):
    """The call hangs on its way; meanwhile it is canceled."""
    kept = make_on_file(processor)
    processor.patience(0.3)
    processor.fault("/v1/payment_intents/*/confirm", "held")
    attempt = attempts.send(kept)
    assert attempt.status == Status.STARTED
    assert attempts.cancel(attempt).status == Status.CANCELED
    processor.release()
    settle_everything()
    assert taken(processor) == {}
    assert_books_agree(processor)


def test_while_the_processor_is_down_everything_waits_and_then_ends(processor, capsys):
    page = attempts.send(make_attempt())
    refund = make_refund(make_paid(processor))
    kept = make_on_file(processor)
    with processor.down():
        for ask in (attempts.send, attempts.look):
            assert ask(kept).status == Status.STARTED
        assert attempts.look(page).status == Status.WAITING
        assert send_refund(refund).status == CardRefund.Status.WAITING
        with pytest.raises(CommandError, match="3 still open"):
            call_command("settle_attempts", "--older-than", "0")
        told = capsys.readouterr().out
        assert "no answer that can be relied on" in told
        assert all(str(row.uuid) in told for row in (page, refund, kept))
    settle_everything()
    call_command("settle_attempts")
    assert capsys.readouterr().out == "nothing open\n"
    assert_books_agree(processor)


@pytest.mark.parametrize("how", FAULTS)
def test_a_refund_goes_back_once_whatever_is_answered(processor, how):
    refund = make_refund(make_paid(processor))
    processor.fault("/v1/refunds", how)
    send_refund(refund)
    sweep()
    time_passes(61)  # What broke down for good is asked anew under another key.
    assert sweep() == []
    assert fresh(refund).status == CardRefund.Status.DONE
    assert len(processor.books()["refunds"]) == 1
    assert_books_agree(processor)


def test_a_refund_that_hangs_on_its_way_goes_back_once(processor):
    refund = make_refund(make_paid(processor))
    processor.patience(0.3)
    processor.fault("/v1/refunds", "held")
    assert send_refund(refund).status == CardRefund.Status.WAITING
    assert sweep() == []  # Asked again under the same key: that is the one that counts.
    processor.release()
    assert len(processor.books()["refunds"]) == 1
    assert_books_agree(processor)


@pytest.mark.parametrize("how", FAULTS)
def test_a_provider_is_paid_once_whatever_is_answered(processor, how):
    theo = make_merchant_account(processor_account="acct_theo")
    make_paid(processor, 100)
    make_owed(theo, 10)
    transfer = make_transfer(theo)
    processor.fault("/v1/transfers", how)
    send_transfer(transfer)
    sweep()
    time_passes(61)
    assert sweep() == []
    assert fresh(transfer).status == Transfer.Status.DONE
    assert len(processor.books()["transfers"]) == 1
    assert balance_of(accounts.provider(theo)) == 0
    assert_books_agree(processor)


# --- Two hands at once ------------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(3))
def test_many_hands_on_one_card_on_file_charge_it_once(committing_db, processor, paying, turn):
    attempt = make_on_file(processor)
    at_once(*[lambda: attempts.send(attempt)] * 3, *[lambda: attempts.look(attempt)] * 2)
    settle_everything()
    assert fresh(attempt).status == Status.SUCCEEDED
    assert paying.count("paid") == 1
    assert_books_agree(processor)


@pytest.mark.parametrize("turn", range(3))
def test_a_charge_and_its_cancel_at_once_end_one_way(committing_db, processor, paying, turn):
    attempt = make_on_file(processor)
    at_once(lambda: attempts.send(attempt), lambda: attempts.cancel(attempt))
    settle_everything()
    is_paid = fresh(attempt).status == Status.SUCCEEDED
    assert (paying.count("paid"), bool(taken(processor))) == (int(is_paid), is_paid)
    assert_books_agree(processor)


@pytest.mark.parametrize("turn", range(3))
def test_a_page_that_is_opened_and_canceled_at_once_can_be_paid_by_nobody(
    committing_db, processor, turn
):
    attempt = make_attempt()
    at_once(lambda: attempts.send(attempt), lambda: attempts.cancel(attempt))
    settle_everything()
    assert fresh(attempt).status == Status.CANCELED
    assert all(page["status"] == "expired" for page in processor.books()["sessions"])


def test_the_cancel_comes_while_the_payment_is_being_made(committing_db, processor):
    """Who made it finds the attempt ended, and asks no card."""
    attempt = make_on_file(processor)
    processor.fault("/v1/payment_intents", "slow")
    sending = start(attempts.send, attempt)
    until(lambda: processor.books()["payments"])
    assert attempts.cancel(attempt).status == Status.CANCELED
    processor.release()
    assert sending.result(LIMIT).status == Status.CANCELED
    assert taken(processor) == {}
    assert processor.books()["payments"][0]["status"] == "canceled"


def until(done, tries=2000):
    for _ in range(tries):
        if done():
            return
        threading.Event().wait(0.005)
    raise AssertionError("It did not happen.")


def test_two_hands_send_one_refund_once(committing_db, processor):
    refund = make_refund(make_paid(processor))
    at_once(*[lambda: send_refund(refund)] * 3)
    sweep()
    assert len(processor.books()["refunds"]) == 1
    assert_books_agree(processor)


def test_two_sweeps_at_once_do_no_harm(committing_db, processor, paying):
    pages = [attempts.send(make_attempt(amount=amount)) for amount in (10, 20, 30)]
    for page in pages:
        processor.pay_page(page.url)
    refund = make_refund(make_paid(processor))
    at_once(sweep, sweep, sweep)
    assert sweep() == []
    assert paying.count("paid") == 4
    assert fresh(refund).status == CardRefund.Status.DONE
    assert_books_agree(processor)
