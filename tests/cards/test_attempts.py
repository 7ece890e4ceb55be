"""An attempt by each way: paid, declined, canceled, too late; told once, in a person's words."""

import datetime as dt
import uuid

import pytest
from django.db import transaction

from cards import attempts
from cards.errors import NotConnected
from cards.models import Attempt, CardOnFile
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.models import Entry
from salon import clock
from salon.errors import Refused
from tests.cards.paying import (
    BACK,
    PURPOSE,
    Way,
    assert_books_agree,
    balance_of,
    fresh,
    make_attempt,
    make_on_file,
    taken,
    time_passes,
)
from tests.factories import dollars, make_desk
from tests.harness.processor import (
    ASKS,
    DECLINED,
    DECLINED_LATER,
    FRONT,
    MASTERCARD,
    NO_FUNDS,
    PAYS,
)
from tests.ledger.books import assert_trial_balance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("processor", "paying")]
Status = Attempt.Status


def assert_nothing_taken(processor):
    assert taken(processor) == {}
    assert not Entry.objects.exists()


# --- Paid -------------------------------------------------------------------------------------


def test_a_page_that_the_client_pays_is_recorded_with_its_card_and_its_fee(processor, paying):
    attempt = attempts.send(make_attempt(Way.PHONE))
    assert (attempt.status, attempt.url != "") == (Status.WAITING, True)

    processor.pay_page(attempt.url, MASTERCARD)
    attempt = attempts.look(attempt)

    assert (attempt.status, attempt.card_said) == (Status.SUCCEEDED, "Mastercard •••• 4444")
    assert_trial_balance(
        debit={"card": "38.54", "fees": "1.46"},  # 2.9 % and 30 cents are kept
        credit={"open_orders": "40.00"},
    )
    assert_books_agree(processor)


def test_a_page_on_this_screen_goes_the_same_way(processor):
    attempt = attempts.send(make_attempt(Way.SCREEN))
    processor.pay_page(attempt.url)
    assert attempts.look(attempt).status == Status.SUCCEEDED
    assert_books_agree(processor)


def test_a_card_on_file_is_charged_at_once(processor, paying):
    attempt = attempts.send(make_on_file(processor))
    assert (attempt.status, attempt.card_said) == (Status.SUCCEEDED, "Visa •••• 4242")
    assert paying.told == [("paid", attempt.uuid)]
    assert_books_agree(processor)


def test_a_reader_takes_the_card_that_is_held_to_it(processor):
    attempt = attempts.send(make_attempt(Way.READER))
    assert attempt.status == Status.WAITING
    processor.present_card(FRONT)
    assert attempts.look(attempt).status == Status.SUCCEEDED
    assert_books_agree(processor)


def test_a_page_may_ask_the_bank_first(processor):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url, ASKS, answer="")
    assert attempts.look(attempt).status == Status.WAITING

    processor.pay_page(attempt.url, ASKS)
    assert attempts.look(attempt).status == Status.SUCCEEDED


def test_it_is_told_once_however_often_somebody_looks(processor, paying):
    attempt = attempts.send(make_on_file(processor))
    for ask in (attempts.look, attempts.send, attempts.cancel, attempts.look):
        assert ask(attempt).status == Status.SUCCEEDED
    assert paying.told == [("paid", attempt.uuid)]
    assert Entry.objects.filter(kind=EntryKind.FEE).count() == 1


# --- Not paid ---------------------------------------------------------------------------------


def test_a_declined_card_on_file_ends_it_with_the_words(processor, paying):
    attempt = attempts.send(make_on_file(processor, DECLINED_LATER))
    assert attempt.status == Status.FAILED
    assert attempt.failure == (
        "The card was declined. Nothing was charged. Try another card, or take the payment "
        "another way."
    )
    assert paying.told == [("ended", attempt.uuid)]
    assert_nothing_taken(processor)


def test_a_card_on_file_that_wants_the_client_is_to_be_sent_to_the_phone(processor):
    attempt = attempts.send(make_on_file(processor, ASKS))
    assert attempt.status == Status.FAILED
    assert "Send it to the client’s phone instead." in attempt.failure
    assert "Nothing was charged" in attempt.failure
    assert_nothing_taken(processor)


def test_a_decline_on_a_page_is_shown_and_the_client_may_try_another_card(processor):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url, NO_FUNDS)
    attempt = attempts.look(attempt)
    assert attempt.status == Status.WAITING
    assert "There is not enough money on the card." in attempt.failure

    processor.pay_page(attempt.url, PAYS)
    attempt = attempts.look(attempt)
    assert (attempt.status, attempt.failure) == (Status.SUCCEEDED, "")


def test_a_page_that_ends_after_a_decline_says_so(processor):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url, DECLINED)
    processor.control("expire", session=attempt.page_id)
    attempt = attempts.look(attempt)
    assert (attempt.status, attempt.failure_code) == (Status.FAILED, "generic_decline")
    assert_nothing_taken(processor)


def test_a_decline_at_the_reader_ends_it_and_frees_the_reader(processor):
    attempt = attempts.send(make_attempt(Way.READER))
    processor.present_card(FRONT, DECLINED)
    attempt = attempts.look(attempt)
    assert (attempt.status, attempt.failure[:22]) == (Status.FAILED, "The card was declined.")
    assert attempts.send(make_attempt(Way.READER)).status == Status.WAITING


def test_a_reader_that_is_offline_fails_in_words(processor):
    processor.reader_goes("offline")
    attempt = attempts.send(make_attempt(Way.READER))
    assert (attempt.status, attempt.failure_code) == (Status.FAILED, "rejected")
    assert "The card reader is offline. Nothing was charged." in attempt.failure
    assert_nothing_taken(processor)


def test_a_reader_that_is_busy_keeps_what_it_asks_for(processor):
    first, second = make_attempt(Way.READER, 30), make_attempt(Way.READER, 50)
    attempts.send(first)
    second = attempts.send(second)
    assert second.status == Status.FAILED
    assert "asks for another payment" in second.failure

    processor.present_card(FRONT)
    assert attempts.look(first).status == Status.SUCCEEDED


@pytest.mark.parametrize("way", [Way.PHONE, Way.READER, Way.ON_FILE])
def test_what_the_processor_refuses_from_the_start_fails_at_once_with_its_words(processor, way):
    """Less than fifty cents: there is nothing at the processor, and nothing to ask again."""
    attempt = attempts.send(
        make_on_file(processor, amount="0.10") if way == Way.ON_FILE else make_attempt(way, "0.10")
    )
    assert (attempt.status, attempt.failure_code) == (Status.FAILED, "rejected")
    assert "too small for a card. Nothing was charged." in attempt.failure
    assert_nothing_taken(processor)


# --- Canceled ---------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [Way.PHONE, Way.READER])
def test_a_canceled_attempt_takes_nothing_any_more(processor, paying, way):
    attempt = attempts.send(make_attempt(way))
    attempt = attempts.cancel(attempt)
    assert (attempt.status, attempt.failure) == (Status.CANCELED, "")
    assert paying.told[-1] == ("ended", attempt.uuid)
    with pytest.raises(AssertionError):
        if way == Way.PHONE:
            processor.pay_page(attempt.url)
        else:
            processor.present_card(FRONT)
    assert_nothing_taken(processor)


def test_where_the_client_was_faster_than_the_cancel_it_is_paid(processor, paying):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    assert attempts.cancel(attempt).status == Status.SUCCEEDED
    assert paying.count("paid") == 1
    assert_books_agree(processor)


def test_a_charge_that_came_after_the_end_is_recorded_all_the_same(processor, paying):
    """Nothing that the processor took may stay out of the books, whatever we believed."""
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    Attempt.objects.filter(pk=attempt.pk).update(status=Status.CANCELED, ended_at=clock.now())
    assert attempts.look(attempt).status == Status.SUCCEEDED
    assert paying.told[-1] == ("paid", attempt.uuid)
    assert_books_agree(processor)


def test_an_attempt_that_was_never_sent_is_canceled_without_asking(processor):
    for attempt in (make_attempt(), make_attempt(Way.READER), make_on_file(processor)):
        assert attempts.cancel(attempt).status == Status.CANCELED
        assert attempts.send(attempt).status == Status.CANCELED
    books = processor.books()
    assert (books["sessions"], books["payments"]) == ([], [])


def test_a_cancel_without_an_answer_stays_open_and_is_done_by_the_next_look(processor):
    attempt = attempts.send(make_attempt())
    with processor.down():
        assert attempts.cancel(attempt).status == Status.WAITING
    assert attempts.look(attempt).status == Status.CANCELED
    assert fresh(attempt).cancel_asked_at is not None


def test_a_canceled_payment_leaves_the_reader_to_the_next_sale(processor):
    old, new = attempts.send(make_attempt(Way.READER, 30)), make_attempt(Way.READER, 50)
    attempts.cancel(old)
    assert attempts.send(new).status == Status.WAITING
    processor.present_card(FRONT)
    assert attempts.look(new).status == Status.SUCCEEDED
    assert attempts.look(old).status == Status.CANCELED
    assert_books_agree(processor)


def test_a_late_cancel_does_not_stop_the_sale_that_the_reader_asks_for_now(processor):
    """The reader asks for nothing any more, so the next sale got it before the cancel came."""
    old = attempts.send(make_attempt(Way.READER, 30))
    processor.gateway.clear_reader(FRONT)
    new = attempts.send(make_attempt(Way.READER, 50))
    attempts.cancel(old)
    processor.present_card(FRONT)
    assert attempts.look(new).status == Status.SUCCEEDED
    assert fresh(old).status == Status.CANCELED


# --- Too late -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [Way.PHONE, Way.READER])
def test_what_nobody_paid_in_time_is_canceled_by_the_next_look(processor, way):
    attempt = attempts.send(make_attempt(way))
    time_passes(45)
    attempt = attempts.look(attempt)
    assert attempt.status == Status.CANCELED
    assert attempt.failure == "Nobody paid in time. Nothing was charged."
    assert_nothing_taken(processor)


def test_a_page_that_was_paid_in_its_last_moment_counts(processor):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    time_passes(45)
    assert attempts.look(attempt).status == Status.SUCCEEDED


def test_a_page_cannot_be_opened_any_more_once_its_time_is_over(processor):
    attempt = make_attempt()
    time_passes(45)
    assert attempts.send(attempt).status == Status.CANCELED
    assert processor.books()["sessions"] == []


def test_a_page_that_is_opened_too_late_for_the_processor_fails_with_nothing_open(processor):
    """Fifteen minutes later its half hour is not left any more."""
    attempt = make_attempt()
    time_passes(15)
    attempt = attempts.send(attempt)
    assert (attempt.status, attempt.failure_code) == (Status.FAILED, "rejected")


# --- Beginning ----------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_attempt(processor):
    key = uuid.uuid4()
    first, second = make_attempt(uuid=key), make_attempt(uuid=key)
    assert first.pk == second.pk
    assert attempts.send(first).url == attempts.send(second).url
    assert len(processor.books()["sessions"]) == 1


def test_a_removed_card_is_not_charged(processor):
    attempt = make_on_file(processor)
    CardOnFile.objects.update(removed_at=clock.now())
    with pytest.raises(Refused, match=r"was removed\. Nothing was charged"):
        make_attempt(Way.ON_FILE, card=attempt.card)


def test_a_purpose_that_nobody_registered_charges_nobody():
    with pytest.raises(ValueError, match="no purpose"):
        make_attempt(purpose="lottery")


def test_without_a_processor_nothing_is_begun(settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(NotConnected, match="processor is connected"):
        make_attempt()


def test_the_processor_is_never_asked_inside_a_transaction(committing_db, processor):
    attempt = make_attempt()
    for ask in (attempts.send, attempts.look, attempts.cancel):
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            ask(attempt)
    assert processor.books()["sessions"] == []


def test_an_attempt_counts_on_the_day_it_was_paid(processor):
    """Begun before the salon's day starts, paid after."""
    desk = make_desk(at=clock.now() - dt.timedelta(minutes=30))
    attempt = attempts.begin(
        purpose=PURPOSE,
        reference="1",
        amount=dollars(40),
        way=Way.PHONE,
        description="Sale",
        desk=desk,
        uuid=uuid.uuid4(),
        back_url=BACK,
    )
    Attempt.objects.filter(pk=attempt.pk).update(expires_at=clock.now() + dt.timedelta(minutes=40))
    processor.pay_page(attempts.send(fresh(attempt)).url)
    attempts.look(attempt)
    entry = Entry.objects.get(kind=EntryKind.TENDER)
    assert entry.occurred_at > desk.at
    assert balance_of(accounts.OPEN_ORDERS) == -4000
