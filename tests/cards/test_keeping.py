"""The card that pays on a hosted page is kept, too, where the client agreed to that."""

import pytest

from cards import attempts
from cards.keeping import drop_what_paid
from cards.models import Attempt, CardOnFile, CardSaving, ProcessorCustomer
from cards.on_file import forget_removed
from clients.archiving import archive_client
from clients.models import Client
from tests.cards.killing import killed_after
from tests.cards.on_file_helpers import fresh, make_card
from tests.cards.paying import Way, assert_books_agree, make_attempt, make_refund, settle_everything
from tests.cards.paying import make_paid as make_charged
from tests.factories import make_client, make_desk
from tests.harness.at_once import at_once
from tests.harness.processor import ASKS, DECLINED, MASTERCARD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]


def opened(clara, **more):
    return attempts.send(make_attempt(client=clara, keep_card=True, **more))


def paid(processor, attempt, *numbers):
    for number in numbers or ["4242424242424242"]:
        processor.pay_page(attempt.url, number)
    return attempts.look(attempt)


def kept_there(processor):
    return {method["id"] for method in processor.books()["methods"] if method["customer"]}


def test_the_card_that_pays_is_on_file_afterwards(processor, clara):
    attempt = paid(processor, opened(clara))
    card = CardOnFile.objects.get()
    assert (str(card), card.client, card.is_default) == ("Visa •••• 4242", clara, True)
    assert card.saving is None and card.consented_at == attempt.started_at
    assert fresh(attempt).card == card
    assert kept_there(processor) == {card.method}
    assert_books_agree(processor)


def test_and_can_be_charged_without_the_client(processor, clara):
    paid(processor, opened(clara))
    card = CardOnFile.objects.get()
    charge = attempts.send(make_attempt(Way.ON_FILE, 25, card=card))
    assert charge.status == Attempt.Status.SUCCEEDED
    assert_books_agree(processor)


def test_nothing_is_kept_where_nobody_agreed(processor, clara):
    paid(processor, attempts.send(make_attempt(client=clara)))
    assert not CardOnFile.objects.exists() and not kept_there(processor)
    assert not ProcessorCustomer.objects.exists()


def test_a_declined_card_is_not_kept_the_one_that_paid_is(processor, clara):
    paid(processor, opened(clara), DECLINED, MASTERCARD)
    assert str(CardOnFile.objects.get()) == "Mastercard •••• 4444"
    assert len(kept_there(processor)) == 1


def test_a_card_whose_bank_asks_is_kept_once_it_was_confirmed(processor, clara):
    paid(processor, opened(clara), ASKS)
    assert str(CardOnFile.objects.get()) == "Visa •••• 3155"


def test_looking_again_and_every_event_twice_keep_one_card(processor, clara, client):
    attempt = paid(processor, opened(clara))
    attempts.look(attempt)
    processor.deliver(client, copies=2)
    assert CardOnFile.objects.count() == 1


def test_two_hands_that_hear_of_it_at_once_keep_one_card(committing_db, processor, clara):
    attempt = opened(clara)
    processor.pay_page(attempt.url)
    at_once(*[lambda: attempts.look(attempt)] * 4)
    assert CardOnFile.objects.count() == 1
    assert_books_agree(processor)


def test_the_same_card_again_takes_the_place_of_its_older_token(processor, clara):
    for _ in range(2):
        paid(processor, opened(clara))
    old, new = CardOnFile.objects.order_by("pk")
    assert old.removed_at and not new.removed_at and new.is_default
    forget_removed()
    assert kept_there(processor) == {new.method}


def test_a_client_has_one_customer_there_however_often_they_pay(processor, clara):
    paid(processor, opened(clara))
    paid(processor, opened(clara), MASTERCARD)
    assert ProcessorCustomer.objects.count() == 1
    assert [str(card) for card in CardOnFile.objects.standing()] == [
        "Visa •••• 4242",
        "Mastercard •••• 4444",
    ]


def test_of_a_client_who_was_merged_meanwhile_it_is_the_survivors(processor, clara):
    attempt = opened(clara)
    ben = make_client("Ben Okafor")
    Client.objects.filter(pk=clara.pk).update(merged_into=ben, archived_at=attempt.started_at)
    paid(processor, attempt)
    assert CardOnFile.objects.get().client == ben


def test_of_a_client_who_was_archived_meanwhile_none_is_kept(processor, clara):
    attempt = attempts.cancel(opened(clara))
    archive_client(client=clara, desk=make_desk("Olivia"))
    late = opened(clara)
    assert attempt.status == Attempt.Status.CANCELED
    paid(processor, late)
    assert not CardOnFile.objects.standing().exists()
    forget_removed()
    assert not kept_there(processor)


def test_a_card_that_is_not_kept_after_all_is_forgotten_there_too(processor, clara):
    other = make_card(processor, clara, make_desk(), MASTERCARD)
    attempt = paid(processor, opened(clara))
    drop_what_paid(fresh(attempt))
    assert list(CardOnFile.objects.standing()) == [other]
    forget_removed()
    assert kept_there(processor) == {other.method}


def test_of_nobody_no_card_is_kept(processor):
    attempt = attempts.send(make_attempt(keep_card=True))
    assert not attempt.keep_card
    paid(processor, attempt)
    assert not CardOnFile.objects.exists()


def test_killed_anywhere_the_card_is_kept_exactly_where_it_paid(processor, clara):
    for steps in range(20):
        attempt = make_attempt(client=clara, keep_card=True)
        with killed_after(steps) as died:
            sent = attempts.send(attempt)
            processor.pay_page(sent.url)
            attempts.look(sent)
        settle_everything()
        row = fresh(attempt)
        assert (row.card is not None) == (row.status == Attempt.Status.SUCCEEDED)
        assert_books_agree(processor)
        if not died[0]:
            break
    assert CardOnFile.objects.standing().count() == 1
    forget_removed()
    assert len(kept_there(processor)) == 1
    assert not CardSaving.objects.exists()


def test_what_it_paid_can_be_refunded_like_any_other(processor, clara):
    attempt = paid(processor, opened(clara))
    make_refund(attempt, 10)
    settle_everything()
    assert_books_agree(processor)


def test_a_charge_of_a_kept_card_keeps_nothing_again(processor):
    attempt = make_charged(processor)
    assert CardOnFile.objects.count() == 1 and attempt.card is not None
