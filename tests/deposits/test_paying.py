"""Paying a deposit online: in time, late, twice, not at all; and the books on both sides."""

import datetime as dt
import uuid

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from appointments.canceling import cancel
from appointments.models import Appointment
from cards import attempts
from cards.models import Attempt, CardOnFile, CardRefund
from cards.on_file import forget_removed
from checkout.models import LineItem, Order
from deposits.errors import Refused
from deposits.models import BookingSettings, DepositRequest
from deposits.payments.asking import ask_by_link, call_off
from deposits.payments.lapsing import lapse_due
from deposits.payments.paying import (
    begin_payment,
    finish_card,
    open_card_page,
    pay_from_balance,
)
from ledger import accounts
from ledger.models import Entry
from salon import clock
from salon.models import BusinessSettings, Location
from tests.cards.paying import sweep
from tests.deposits.online_helpers import (
    BACK,
    BEN,
    at_noon,
    balance_of,
    every_cent_is_somewhere,
    fresh,
    held,
    make_shop,
    online,
    opened,
    paid,
    run_jobs,
    status_of,
)
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_desk,
    make_staff,
)
from tests.harness.processor import DECLINED
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
Visit = Appointment.Status
Status = DepositRequest.Status


@pytest.fixture
def shop(processor):
    return make_shop()


def later(minutes: int):
    return time_machine.travel(clock.now() + dt.timedelta(minutes=minutes), tick=False)


def jobs(name: str) -> list[dict]:
    found = ProcrastinateJob.objects.filter(task_name=name).order_by("id")
    return [job.args for job in found]


def told() -> list[str]:
    return [args["what"] for args in jobs("deposits.tell")]


def lapse_all() -> None:
    """Ten minutes later nobody has paid."""
    with later(11):
        lapse_due()


# --- In time --------------------------------------------------------------------------------------


def test_a_deposit_that_is_paid_is_held_for_its_visit(shop, processor):
    request = online()
    paid(processor, request)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert held(request.appointment) == dollars("25.50")
    order = fresh(request).order
    assert (order.status, order.client.name) == (Order.Status.CLOSED, "Clara Nuñez")
    line = LineItem.objects.get()
    assert (line.kind, line.appointment) == ("deposit", request.appointment)
    assert line.description.startswith("Deposit - Clara Nuñez · ")
    assert balance_of(accounts.PROCESSOR) + balance_of(accounts.PROCESSOR_FEES) == 2550
    every_cent_is_somewhere(processor)


def test_the_client_is_told_that_they_are_booked_and_gets_a_receipt(shop, processor):
    paid(processor, online())
    assert told() == ["booked"]
    (receipt,) = jobs("checkout.email_receipt")
    assert (receipt["to"], receipt["from_phone"]) == ("clara@example.com", True)


def test_a_receipt_goes_to_the_address_that_the_salon_knows_alone(shop, processor):
    make_client("Ben Okafor", email="")
    paid(processor, online(BEN))
    assert jobs("checkout.email_receipt") == []


def test_a_decline_changes_nothing_and_another_card_may_pay(shop, processor):
    request = online()
    attempt = opened(request)
    processor.pay_page(attempt.url, DECLINED)
    assert attempts.look(attempt).is_open
    assert status_of(request) == (Status.WAITING, Visit.PENDING)
    paid(processor, request)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    run_jobs()
    assert fresh(attempt).status == Attempt.Status.FAILED
    every_cent_is_somewhere(processor)


def test_every_event_twice_and_backwards_records_it_once(shop, processor, client):
    request = online()
    attempt = opened(request)
    processor.pay_page(attempt.url)
    processor.deliver(client, copies=3, reverse=True)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert Order.objects.count() == 1
    every_cent_is_somewhere(processor)


def test_the_same_form_twice_is_one_page(shop):
    request, name = online(), uuid.uuid4()
    assert opened(request, name).url == opened(request, name).url
    assert Attempt.objects.count() == 1


def test_a_form_of_another_request_is_refused(shop):
    name = uuid.uuid4()
    opened(online(), name)
    other = online(BEN, starts_at=at_noon(4))
    with pytest.raises(Refused, match=r"used before\. Nothing was charged"):
        opened(other, name)


def test_two_that_are_both_paid_one_counts_and_one_goes_back(shop, processor):
    request = online()
    pages = [opened(request), opened(request)]
    for page in pages:
        processor.pay_page(page.url)
    for page in pages:
        attempts.look(page)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    back = CardRefund.objects.get()
    assert (back.attempt, back.amount) == (pages[1], dollars("25.50"))
    assert held(request.appointment) == dollars("25.50")
    assert "sent_back" in told()
    sweep()
    every_cent_is_somewhere(processor)


def test_where_deposits_are_not_held_it_is_account_balance_at_once(shop, processor):
    BusinessSettings.objects.update(earmark_deposits=False)
    request = online()
    paid(processor, request)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert held(request.appointment) == dollars(0)
    client = request.appointment.client
    assert -balance_of(accounts.credit_of(client)) == 2550
    every_cent_is_somewhere(processor)


@pytest.mark.parametrize("earmarks", [True, False])
def test_where_balances_were_switched_off_meanwhile_it_is_held_all_the_same(
    shop, processor, earmarks
):
    request = online()
    BusinessSettings.objects.update(client_account_balances=False, earmark_deposits=earmarks)
    Location.objects.update(client_account_balances=False)
    paid(processor, request)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert held(request.appointment) == dollars("25.50")
    every_cent_is_somewhere(processor)


# --- Late -----------------------------------------------------------------------------------------


def test_what_nobody_paid_in_time_is_let_go(shop):
    request = online()
    assert lapse_due() == 0
    with later(11):
        assert lapse_due() == 1
        assert lapse_due() == 0
    assert status_of(request) == (Status.LAPSED, Visit.LAPSED)
    assert online(BEN).appointment.starts_at == at_noon()
    assert_well()


def test_money_that_arrived_in_time_counts_though_nobody_has_told(shop, processor):
    request = online()
    processor.pay_page(opened(request).url)
    with later(11):
        assert lapse_due() == 0
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)


def test_while_the_processor_does_not_answer_the_time_is_held_a_little_longer(shop, processor):
    request = online()
    attempt = opened(request)
    processor.pay_page(attempt.url)
    with processor.down():
        with later(11):
            assert lapse_due() == 0
        assert status_of(request) == (Status.WAITING, Visit.PENDING)
        with later(16):
            assert lapse_due() == 1
    assert attempts.look(attempt).status == Attempt.Status.SUCCEEDED
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    every_cent_is_somewhere(processor)


def test_a_late_payment_gets_its_time_again_where_it_is_free(shop, processor):
    request = online()
    attempt = opened(request)
    lapse_all()
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert request.appointment.services.get().occupies
    assert held(request.appointment) == dollars("25.50")
    every_cent_is_somewhere(processor)


def test_else_it_goes_back_by_itself_and_the_client_is_told(shop, processor):
    request = online()
    attempt = opened(request)
    lapse_all()
    paid(processor, online(BEN))
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert status_of(request) == (Status.RETURNED, Visit.LAPSED)
    assert told() == ["booked", "sent_back"]
    assert held(request.appointment) == dollars(0)
    sweep()
    assert CardRefund.objects.get().status == CardRefund.Status.DONE
    entry = Entry.objects.get(cause_id=str(request.uuid))
    assert "came when nothing could be held for it" in entry.note
    every_cent_is_somewhere(processor)


def test_a_visit_that_would_have_begun_by_now_is_not_taken_again(shop, processor):
    request = online()
    attempt = opened(request)
    lapse_all()
    Appointment.objects.update(starts_at=clock.now() - dt.timedelta(minutes=5))
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert status_of(request) == (Status.RETURNED, Visit.LAPSED)
    sweep()
    every_cent_is_somewhere(processor)


def test_nothing_new_is_begun_once_the_time_to_pay_is_over(shop):
    request = online()
    with later(11), pytest.raises(Refused, match=r"The time to pay is over\. Nothing was charged"):
        begin_payment(request=request, back_url=BACK, uuid=uuid.uuid4())


# --- Called off -----------------------------------------------------------------------------------


def test_a_booking_that_is_called_off_sends_a_payment_back(shop, processor):
    request = online()
    attempt = opened(request)
    call_off(request=request, desk=make_desk("Jo"))
    assert status_of(request) == (Status.CANCELED, Visit.LAPSED)
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert status_of(request) == (Status.RETURNED, Visit.LAPSED)
    sweep()
    every_cent_is_somewhere(processor)


def test_and_its_card_page_is_closed(shop, processor):
    request = online()
    attempt = opened(request)
    call_off(request=request, desk=make_desk("Jo"))
    run_jobs()
    assert fresh(attempt).status == Attempt.Status.CANCELED
    assert processor.books()["sessions"][0]["status"] == "expired"


def test_so_is_that_of_a_visit_that_is_canceled_at_the_desk(shop, processor):
    request = online()
    attempt = opened(request)
    cancel(appointment=request.appointment, reason="", desk=make_desk("Jo"), answers={})
    assert status_of(request) == (Status.CANCELED, Visit.CANCELED)
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert status_of(request) == (Status.RETURNED, Visit.CANCELED)
    sweep()
    every_cent_is_somewhere(processor)


def test_what_is_paid_is_not_called_off(shop, processor):
    request = online()
    paid(processor, request)
    with pytest.raises(Refused, match=r"The deposit of \$25.50 is paid"):
        call_off(request=request, desk=make_desk("Jo"))


# --- By a link ------------------------------------------------------------------------------------


@pytest.fixture
def visit(shop):
    return make_appointment(make_client("Clara Nuñez"), starts_at=at_noon())


def by_link(visit, amount=30, staff="Jo", **more):
    values = {"email": "", "uuid": uuid.uuid4(), "desk": make_desk(staff)} | more
    return ask_by_link(visit=visit, amount=dollars(amount), **values)


def test_a_link_is_sent_and_paid_and_the_deposit_held(visit, processor):
    request = by_link(visit)
    assert (request.came_from, request.expires_at) == ("link", visit.starts_at)
    assert told() == ["pay_deposit"]
    paid(processor, request)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert held(visit) == dollars(30)
    assert told() == ["pay_deposit"]  # The visit stood before; the receipt is enough.
    every_cent_is_somewhere(processor)


def test_a_link_that_lapsed_leaves_the_visit_and_is_taken_late(visit, processor):
    request = by_link(visit)
    attempt = opened(request)
    DepositRequest.objects.update(expires_at=clock.now() - dt.timedelta(minutes=1))
    assert lapse_due() == 1
    assert status_of(request) == (Status.LAPSED, Visit.BOOKED)
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    every_cent_is_somewhere(processor)


def test_the_same_form_asks_once_and_another_waits(visit):
    name = uuid.uuid4()
    assert by_link(visit, uuid=name) == by_link(visit, uuid=name)
    with pytest.raises(Refused, match=r"\$30.00 is asked for this visit already"):
        by_link(visit)
    call_off(request=DepositRequest.objects.get(), desk=make_desk("Jo"))
    assert by_link(visit, 20).amount == dollars(20)


def test_what_no_form_would_send_is_refused(visit, processor):
    with pytest.raises(Refused, match="Enter at least"):
        by_link(visit, "0.20")
    with pytest.raises(Refused, match="Enter an e-mail address"):
        by_link(visit, email="clara")
    with pytest.raises(Refused, match="Your role may not take deposits"):
        by_link(visit, staff=make_staff("Maya"))
    Appointment.objects.update(status=Visit.CANCELED)
    with pytest.raises(Refused, match=r"This visit is canceled\. Nothing was asked"):
        by_link(visit)
    assert not DepositRequest.objects.exists()


# --- From the balance -----------------------------------------------------------------------------


@pytest.fixture
def from_balance(visit):
    BookingSettings.objects.update(deposit_from_balance=True)
    return visit


def test_by_default_the_balance_pays_no_deposit(visit):
    make_credit(visit.client, 40)
    with pytest.raises(Refused, match="by credit or debit card"):
        pay_from_balance(request=by_link(visit), desk=make_desk("Jo"))


def test_where_it_does_it_is_set_aside_and_no_sale(from_balance):
    visit = from_balance
    make_credit(visit.client, 20)
    make_credit(visit.client, 25)
    request = pay_from_balance(request=by_link(visit), desk=make_desk("Jo"))
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert held(visit) == dollars(30)
    assert not Order.objects.exists()
    assert pay_from_balance(request=request, desk=make_desk("Jo")) == request
    assert held(visit) == dollars(30)
    assert_well()


def test_gifts_and_restricted_and_held_credit_do_not_count(from_balance):
    visit = from_balance
    other = make_appointment(visit.client, starts_at=at_noon(5))
    make_credit(visit.client, 20, source="goodwill")
    make_credit(visit.client, 20, restriction="services")
    make_credit(visit.client, 20, source="deposit", visit=other.pk)
    make_credit(visit.client, 10)
    with pytest.raises(Refused, match=r"Only \$10.00 of the balance is free") as refused:
        pay_from_balance(request=by_link(visit), desk=make_desk("Jo"))
    assert refused.value.field == "amount"
    assert held(visit) == dollars(0)
    assert_well()


def test_credit_that_expires_before_the_visit_is_not_set_aside_for_it(from_balance):
    """It would be gone by then, and the deposit with it."""
    visit = from_balance
    day = clock.business_date(visit.location, visit.starts_at)
    make_credit(visit.client, 30, expires_on=day - dt.timedelta(days=1))
    with pytest.raises(Refused, match=r"Only \$0.00 of the balance is free"):
        pay_from_balance(request=by_link(visit), desk=make_desk("Jo"))
    make_credit(visit.client, 30, expires_on=day)
    pay_from_balance(request=DepositRequest.objects.get(), desk=make_desk("Jo"))
    assert held(visit) == dollars(30)
    assert_well()


def test_a_card_that_pays_after_the_balance_did_goes_back(from_balance, processor):
    visit = from_balance
    make_credit(visit.client, 30)
    request = by_link(visit)
    attempt = opened(request)
    pay_from_balance(request=request, desk=make_desk("Jo"))
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert held(visit) == dollars(30)
    sweep()
    assert CardRefund.objects.get().status == CardRefund.Status.DONE
    assert_well()


# --- A card kept for fees -------------------------------------------------------------------------


def test_the_card_that_pays_the_deposit_is_kept_where_that_was_agreed_to(processor):
    make_shop(card_for_fees="optional")
    request = online(keep_card=True)
    paid(processor, request)
    card = CardOnFile.objects.get()
    assert (card.client, card.is_default) == (request.appointment.client, True)
    every_cent_is_somewhere(processor)


def test_and_not_where_the_payment_goes_back(processor):
    make_shop(card_for_fees="optional")
    request = online(keep_card=True)
    attempt = opened(request)
    call_off(request=request, desk=make_desk("Jo"))
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert not CardOnFile.objects.standing().exists()
    forget_removed()
    assert not [it for it in processor.books()["methods"] if it["customer"]]


@pytest.fixture
def with_card(processor):
    make_shop(percent=None, card_for_fees="required")
    return online(expected=0, keep_card=True)


def test_a_card_alone_confirms_the_visit(with_card, processor):
    saving = open_card_page(request=with_card, back_url=BACK)
    assert finish_card(with_card).status == Status.WAITING
    processor.pay_page(saving.url)
    assert finish_card(with_card).status == Status.CONFIRMED
    assert status_of(with_card) == (Status.CONFIRMED, Visit.BOOKED)
    assert told() == ["booked"]
    assert finish_card(with_card).status == Status.CONFIRMED
    assert CardOnFile.objects.count() == 1


def test_who_closes_the_browser_after_that_is_booked_within_the_minute(with_card, processor):
    processor.pay_page(open_card_page(request=with_card, back_url=BACK).url)
    assert lapse_due() == 0
    assert status_of(with_card) == (Status.CONFIRMED, Visit.BOOKED)


def test_a_card_that_comes_too_late_is_not_kept(with_card, processor):
    saving = open_card_page(request=with_card, back_url=BACK)
    lapse_all()
    assert status_of(with_card) == (Status.LAPSED, Visit.LAPSED)
    with pytest.raises(AssertionError):
        processor.pay_page(saving.url)  # The page is closed.
    assert not CardOnFile.objects.exists()
    with pytest.raises(Refused, match="The time to pay is over"):
        open_card_page(request=with_card, back_url=BACK)


def test_a_card_page_of_a_booking_that_is_called_off_is_closed(with_card, processor):
    open_card_page(request=with_card, back_url=BACK)
    call_off(request=with_card, desk=make_desk("Jo"))
    run_jobs()
    assert processor.books()["sessions"][0]["status"] == "expired"


def test_no_money_is_asked_where_a_card_is(with_card):
    with pytest.raises(Refused, match="No money is asked"):
        opened(with_card)
