"""What the processor tells: signed, kept, applied once or more, in any order."""

import json
import time

import pytest
from django.test import Client as Browser

from cards import attempts, events
from cards.models import Attempt, CardRefund, ProcessorEvent
from ledger import accounts
from ledger.models import Entry
from tests.cards.paying import (
    Way,
    assert_books_agree,
    balance_of,
    fresh,
    make_attempt,
    make_on_file,
    make_paid,
    make_refund,
    refund_sent,
    sweep,
)
from tests.factories import make_browser, make_client, make_desk
from tests.harness.processor import EVENTS_PATH, FRONT, REFUND_FAILS, SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]
Status = ProcessorEvent.Status


@pytest.fixture
def hook():
    """Nobody is logged in, and forms would be checked."""
    return Browser(enforce_csrf_checks=True)


def post(hook, body, signature):
    headers = {"Stripe-Signature": signature}
    return hook.post(EVENTS_PATH, body, "application/json", headers=headers)


def an_event(**more):
    told = {"id": "evt_1", "type": "customer.created", "created": int(time.time()), **more}
    return json.dumps({"data": {"object": {"id": "cus_1"}}} | told).encode()


# --- Taken, or not --------------------------------------------------------------------------------


def test_a_page_that_was_paid_is_recorded_by_the_event_alone(processor, hook, paying):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    assert processor.deliver(hook) >= 1
    assert fresh(attempt).status == Attempt.Status.SUCCEEDED
    assert paying.count("paid") == 1
    assert_books_agree(processor)


@pytest.mark.parametrize(
    "forge",
    [
        lambda body, good: (body, ""),
        lambda body, good: (body, "t=1,v1=00"),
        lambda body, good: (body.replace(b"evt_1", b"evt_2"), good),
        lambda body, good: (b"not json", good),
        lambda body, good: (body, good.replace("v1=", "v0=")),
    ],
)
def test_a_forged_event_is_refused_and_leaves_nothing(processor, hook, forge):
    body = an_event()
    answer = post(hook, *forge(body, processor.signed(body)))
    assert answer.status_code == 400
    assert not ProcessorEvent.objects.exists()


def test_an_old_recording_is_refused(processor, hook):
    body = an_event()
    old = processor.server.webhooks.sign(body, int(time.time()) - 3600)
    assert post(hook, body, old).status_code == 400


def test_only_posts_are_taken_and_only_while_a_processor_is_connected(processor, hook, settings):
    body = an_event()
    assert hook.get(EVENTS_PATH).status_code == 405
    settings.STRIPE_SECRET_KEY = ""
    assert post(hook, body, processor.signed(body)).status_code == 503
    assert SECRET not in str(ProcessorEvent.objects.all())


def test_an_unknown_event_is_kept_and_ignored(processor, hook):
    body = an_event()
    assert post(hook, body, processor.signed(body)).status_code == 200
    event = ProcessorEvent.objects.get()
    assert (event.status, event.type, event.object) == (
        Status.IGNORED,
        "customer.created",
        {"id": "cus_1"},
    )
    assert sweep() == []


def test_an_event_of_somebody_else_s_payment_is_kept_and_ignored(processor, hook):
    made = processor.gateway.make_payment(
        amount=make_attempt().amount, reference="another program", key="k", description=""
    )
    processor.control(
        "emit", type="payment_intent.succeeded", object={"id": made.id, "metadata": {}}
    )
    processor.control(
        "emit", type="charge.updated", object={"id": "ch_1", "payment_intent": "pi_1"}
    )
    processor.deliver(hook)
    assert {event.note for event in ProcessorEvent.objects.all()} == {
        "It is about no payment of this program."
    }
    assert not ProcessorEvent.objects.exclude(status=Status.IGNORED).exists()


# --- Often, and in any order --------------------------------------------------------------------


@pytest.mark.parametrize(("copies", "reverse"), [(1, True), (3, False), (3, True)])
def test_any_order_and_any_number_of_events_record_everything_once(
    processor, hook, paying, copies, reverse
):
    page, kept = attempts.send(make_attempt()), make_on_file(processor)
    processor.pay_page(page.url)
    reader = attempts.send(make_attempt(Way.READER))
    processor.present_card(FRONT)
    attempts.send(kept)
    refund = refund_sent(kept, 15)
    processor.deliver(hook, copies=copies, reverse=reverse)

    assert {fresh(it).status for it in (page, kept, reader)} == {Attempt.Status.SUCCEEDED}
    assert fresh(refund).status == CardRefund.Status.DONE
    assert paying.count("paid") == 3
    for event in processor.books()["events"]:
        processor.control("resend", event=event["id"])
    before = Entry.objects.count()
    processor.deliver(hook, copies=2, reverse=not reverse)
    assert Entry.objects.count() == before
    assert sweep() == []
    assert_books_agree(processor)


def test_an_event_that_is_faster_than_our_own_record_finds_the_attempt(processor, hook):
    """The page was opened and paid, and the answer to opening it never came."""
    attempt = make_attempt()
    processor.fault("/v1/checkout/sessions", "lost")
    attempts.send(attempt)
    processor.pay_page(processor.books()["sessions"][0]["url"])
    processor.deliver(hook)
    assert fresh(attempt).status == Attempt.Status.SUCCEEDED
    assert_books_agree(processor)


def test_a_card_that_refuses_a_refund_weeks_later_is_noticed(processor, hook, paying):
    refund = refund_sent(make_paid(processor, number=REFUND_FAILS))
    processor.deliver(hook)
    processor.later()
    processor.deliver(hook)
    assert fresh(refund).status == CardRefund.Status.REFUSED
    assert paying.count("refund refused") == 1


def test_a_refund_whose_answer_was_lost_is_found_by_the_event(processor, hook):
    refund = make_refund(make_paid(processor))
    processor.fault("/v1/refunds", "lost")
    from cards.refund_sending import send_refund

    assert send_refund(refund).status == CardRefund.Status.WAITING
    processor.deliver(hook)  # charge.refunded, which names no refund
    assert fresh(refund).status == CardRefund.Status.DONE


def test_a_refund_that_was_made_at_the_processor_by_hand_is_pointed_out(processor, hook):
    attempt = make_paid(processor)
    processor.gateway.refund(attempt.payment_id, amount=attempt.amount, reference="", key="hand")
    refund = processor.books()["refunds"][0]
    processor.control("emit", type="refund.created", object=refund)
    processor.deliver(hook)
    event = ProcessorEvent.objects.get(type="refund.created")
    assert event.status == Status.IGNORED
    assert "not in the books: correct them" in event.note


def test_a_fee_that_comes_later_is_booked_once_when_it_does(processor, hook):
    processor.control("late_fees", is_late=True)
    attempt = make_paid(processor)
    processor.deliver(hook)
    sweep()
    assert balance_of(accounts.PROCESSOR_FEES) == 0
    assert fresh(attempt).fee_entry_id is None
    processor.later()
    processor.deliver(hook, copies=2)
    sweep()
    assert balance_of(accounts.PROCESSOR_FEES) == 146
    assert fresh(attempt).fee_entry.key == f"attempt:{attempt.uuid}:fee"
    assert Entry.objects.filter(kind="fee").count() == 1
    assert_books_agree(processor)


def test_a_fee_that_comes_later_is_found_by_the_sweep_where_no_event_tells(processor):
    processor.control("late_fees", is_late=True)
    make_paid(processor)
    processor.later()
    sweep()
    assert balance_of(accounts.PROCESSOR_FEES) == 146
    assert_books_agree(processor)


def test_a_fee_is_booked_after_all_of_the_charge_went_back(processor, hook):
    processor.control("late_fees", is_late=True)
    refund_sent(make_paid(processor), 40)
    processor.later()
    processor.deliver(hook, copies=2)
    assert balance_of(accounts.PROCESSOR_FEES) == 146
    assert_books_agree(processor)


def test_a_card_that_was_kept_on_a_page_is_written_down_by_the_event(processor, hook):
    from tests.cards.on_file_helpers import make_open_saving

    clara = make_client("Clara Nuñez")
    saving = make_open_saving(clara, make_desk())
    processor.pay_page(saving.url)
    processor.deliver(hook)
    assert clara.cards_on_file.count() == 1


# --- What cannot be applied now -----------------------------------------------------------------


def test_an_event_that_cannot_be_looked_into_is_kept_and_applied_by_the_sweep(processor, hook):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    processor.fault("/v1/*", "close", times=-1, method="*")
    assert processor.deliver(hook) >= 1  # Kept, so it need not be sent again.
    event = ProcessorEvent.objects.filter(type="checkout.session.completed").get()
    assert (event.status, event.tries) == (Status.FAILED, 0)
    assert event.note.startswith("No answer from the processor")

    processor.control("clear_faults")
    assert sweep() == []
    assert fresh(event).status == Status.APPLIED
    assert_books_agree(processor)


def test_an_event_that_keeps_failing_is_told_and_no_longer_tried(processor, hook, paying):
    paying.breaks = True
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    processor.deliver(hook)
    ProcessorEvent.objects.update(tries=events.TRIES)
    told = sweep()
    assert sum("RuntimeError: the order cannot be recorded" in line for line in told) == len(told)
    assert not ProcessorEvent.objects.exclude(tries=events.TRIES).exists()


def test_a_crash_between_keeping_and_applying_is_finished_by_the_sweep(
    processor, hook, monkeypatch
):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    with monkeypatch.context() as patch:
        patch.setattr(events, "apply_event", lambda row: row)
        processor.deliver(hook)
    assert fresh(attempt).status == Attempt.Status.WAITING
    assert sweep() == []
    assert not ProcessorEvent.objects.filter(status=Status.NEW).exists()
    assert_books_agree(processor)


def test_one_event_by_two_hands_at_once_is_kept_once(committing_db, processor, paying):
    from tests.harness.at_once import at_once

    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    told = processor.books()["events"]
    bodies = [json.dumps(event).encode() for event in told] * 3
    answers = at_once(
        *[lambda body=body: post(Browser(), body, processor.signed(body)) for body in bodies]
    )
    assert {answer.status_code for answer in answers} == {200}
    assert ProcessorEvent.objects.count() == len(told)
    assert paying.count("paid") == 1
    assert_books_agree(processor)


# --- The admin ------------------------------------------------------------------------------------


def test_the_owner_applies_an_event_again(processor, hook, paying):
    paying.breaks = True
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    processor.deliver(hook)
    paying.breaks = False
    chosen = list(ProcessorEvent.objects.values_list("pk", flat=True))

    answer = make_browser("Olivia").post(
        "/admin/cards/processorevent/",
        {"action": "apply_again", "_selected_action": chosen},
        follow=True,
    )
    assert f"Applied again: {len(chosen)}." in answer.content.decode()
    assert fresh(attempt).status == Attempt.Status.SUCCEEDED


@pytest.mark.parametrize(
    "kind", ["attempt", "cardrefund", "transfer", "dispute", "payout", "processorevent"]
)
def test_the_owner_reads_and_changes_nothing(processor, hook, kind):
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    processor.deliver(hook)
    refund_sent(attempt, 10)
    owner = make_browser("Olivia")
    assert owner.get(f"/admin/cards/{kind}/").status_code == 200
    assert owner.get(f"/admin/cards/{kind}/add/").status_code == 403
    if kind in ("attempt", "processorevent", "cardrefund"):
        models = {
            "attempt": Attempt, "processorevent": ProcessorEvent, "cardrefund": CardRefund
        }  # fmt: skip
        row = models[kind].objects.first()
        page = owner.get(f"/admin/cards/{kind}/{row.pk}/change/")
        assert page.status_code == 200
        assert "_save" not in page.content.decode()
        assert owner.post(f"/admin/cards/{kind}/{row.pk}/change/", {}).status_code == 403


def test_front_desk_does_not_apply_events(processor):
    assert make_browser("Jo").get("/admin/cards/processorevent/").status_code in (302, 403)
