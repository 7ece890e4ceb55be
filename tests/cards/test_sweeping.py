"""The sweep: who is asked after, who is left alone, and what is told at the end."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cards import attempts
from cards.models import Attempt, CardOnFile
from cards.refund_sending import settle_refund
from cards.sweeping import sweep as sweep_older
from cards.tasks import settle
from salon import clock
from tests.cards.paying import (
    assert_books_agree,
    fresh,
    make_attempt,
    make_kept_card,
    make_on_file,
    make_paid,
    make_refund,
    sweep,
)
from tests.harness.processor import REFUND_TAKES_A_WHILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]
Status = Attempt.Status


def settle_attempts(capsys, *options):
    """What the command printed, and how it ended."""
    try:
        call_command("settle_attempts", *options)
    except CommandError as error:
        return capsys.readouterr().out, str(error)
    return capsys.readouterr().out, ""


def test_with_nothing_under_way_it_says_so(processor, capsys):
    make_paid(processor)
    assert settle_attempts(capsys) == ("nothing open\n", "")


def test_what_was_begun_just_now_is_left_to_who_began_it_and_told(processor, capsys):
    attempt, refund = make_attempt(), make_refund(make_paid(processor))
    told, end = settle_attempts(capsys)
    assert end == "2 still open."
    assert f"attempt {attempt.uuid}, $40.00 by client’s phone: not known at the" in told
    assert f"refund {refund.uuid}, $10.00 back to Visa •••• 4242: not sent yet" in told
    assert processor.books()["sessions"] == []


def test_who_waits_for_the_client_or_the_bank_is_not_open_work(processor, capsys):
    attempts.send(make_attempt())
    settle_refund(make_refund(make_paid(processor, number=REFUND_TAKES_A_WHILE)))
    assert settle_attempts(capsys, "--older-than", "0") == ("nothing open\n", "")


def test_a_page_that_was_paid_a_moment_ago_is_recorded_at_once(processor, capsys):
    """It is known there: nobody is sending it any more."""
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    assert settle_attempts(capsys) == ("nothing open\n", "")
    assert fresh(attempt).status == Status.SUCCEEDED


def test_removed_cards_are_forgotten_there(processor):
    card = make_kept_card(processor)
    CardOnFile.objects.update(removed_at=clock.now())
    with processor.down():
        assert sweep() == ["removed cards: the processor still keeps 1 of them"]
    assert sweep() == []
    assert fresh(card).forgotten_at
    assert [it["customer"] for it in processor.books()["methods"]] == [None]


def test_the_worker_does_it_each_minute(processor):
    page = attempts.send(make_attempt())
    processor.pay_page(page.url)
    assert settle(timestamp=0) == 0
    assert fresh(page).status == Status.SUCCEEDED
    make_on_file(processor)
    assert settle(timestamp=0) == 1


def test_fees_that_never_came_are_asked_for_and_told_by_nobody(processor, monkeypatch):
    from cards import recording

    with monkeypatch.context() as patch:
        patch.setattr(recording, "post_fee", lambda *given: None)
        attempt = make_paid(processor)
    assert sweep_older(dt.timedelta(seconds=0)) == []
    assert fresh(attempt).fee_entry_id
    assert_books_agree(processor)


def test_without_a_processor_what_is_open_is_told(processor, settings):
    attempt = attempts.send(make_attempt())
    settings.STRIPE_SECRET_KEY = ""
    assert [line.rpartition(": ")[2] for line in sweep()] == ["no card processor is connected"]
    assert fresh(attempt).status == Status.WAITING
