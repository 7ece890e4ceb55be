"""Enrolling online: whose membership it is, what is refused, and where each payment goes."""

import datetime as dt
import uuid

import pytest
import time_machine

from cards import attempts
from cards.models import Attempt, CardOnFile, CardRefund
from cards.refund_sending import look_refund
from checkout.models import Order
from clients.models import Client
from ledger.balances import balance_of
from memberships.enrolling.paying import begin_payment, finish_card, open_card_page
from memberships.enrolling.waiting import lapse_due
from memberships.errors import Refused
from memberships.models import Enrolment, Membership, Plan
from salon import clock
from tests.cards.paying import sweep
from tests.factories import dollars, make_client, make_location
from tests.harness.processor import DECLINED, PAYS, REFUND_FAILS
from tests.ledger.books import assert_well
from tests.memberships.members import enrolled, make_card, make_member, period_of, set_memberships
from tests.memberships.online import (
    BEN,
    CLARA,
    HERE,
    PHONE,
    fresh,
    jobs,
    joined,
    opened,
    paid,
    sold_online,
)

pytestmark = pytest.mark.django_db
Status = Enrolment.Status


@pytest.fixture
def gold():
    return sold_online()


def credit_of(client):
    return balance_of(client, clock.business_date(make_location())).available


# --- What it writes -------------------------------------------------------------------------------


def test_what_was_agreed_to_is_kept_word_by_word_and_nobody_is_a_member_yet(gold, processor):
    enrolment = joined(gold)
    assert (enrolment.status, enrolment.came_from) == (Status.WAITING, "online")
    assert (enrolment.address, enrolment.device) == (HERE, PHONE)
    assert "$100.00" in enrolment.consent and "adds $120.00" in enrolment.consent
    assert "I allow my card to be charged" in enrolment.consent
    assert enrolment.expires_at - enrolment.asked_at == dt.timedelta(minutes=40)
    assert enrolment.client.name == "Clara Nuñez"
    assert not Membership.objects.exists() and not Order.objects.exists()


def test_once_paid_the_first_period_is_sold_and_the_card_that_paid_is_charged_from_then_on(
    gold, processor
):
    enrolment = joined(gold)
    attempt = paid(processor, enrolment)
    membership = Membership.objects.get()
    assert fresh(enrolment).status == Status.STARTED
    assert membership.card == CardOnFile.objects.get() == fresh(attempt).card
    period = period_of(membership)
    assert (period.status, period.order) == ("paid", fresh(enrolment).order)
    assert (period.order.status, period.paid_lot.amount, period.bonus_lot.amount) == (
        "closed",
        100_00,
        20_00,
    )
    assert credit_of(membership.client) == dollars(120)
    assert {"what": "started", "row": str(membership.uuid)} in jobs()
    assert_well()


def test_a_known_client_becomes_the_member_and_nothing_of_theirs_is_changed(gold, processor):
    clara = make_client("Clara Nuñez")
    enrolment = joined(gold, type(CLARA)("CLÁRA ", "Other", "other@example.com", "212 555 0142"))
    assert enrolment.client == clara and fresh(clara).email == "clara@example.com"
    assert enrolment.email == "other@example.com"


def test_a_form_sent_twice_writes_one_enrolment(gold, processor):
    key = uuid.uuid4()
    assert joined(gold, uuid=key) == joined(gold, uuid=key)
    assert Enrolment.objects.count() == Client.objects.count() == 1


def test_a_joining_fee_is_due_with_the_first_period(processor):
    plan = sold_online(joining_fee=25)
    enrolment = joined(plan, expected=125)
    paid(processor, enrolment)
    assert fresh(enrolment).order.lines.count() == 2
    assert credit_of(enrolment.client) == dollars(120)
    assert_well()


# --- What is refused ------------------------------------------------------------------------------


def nothing_was_written():
    return not Client.objects.exists() and not Enrolment.objects.exists()


def test_another_amount_than_was_shown_is_refused(gold, processor):
    Plan.objects.update(price=dollars(110))
    with pytest.raises(Refused, match=r"\$110.00 is due now, not \$100.00. Nothing was charged"):
        joined(gold)
    assert nothing_was_written()


def test_other_words_than_were_shown_are_refused(gold, processor):
    with pytest.raises(Refused, match="has changed while you looked"):
        joined(gold, seen="0" * 32)
    assert nothing_was_written()


def test_without_consent_nothing_is_written(gold, processor):
    with pytest.raises(Refused, match="Tick that you agree"):
        joined(gold, consented=False)
    assert nothing_was_written()


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: set_memberships(online_enrolment=False),
        lambda plan: Plan.objects.update(sold_online=False),
        lambda plan: Plan.objects.update(archived_at=clock.now()),
        lambda plan: plan.locations.set([make_location("Uptown")]),
    ],
)
def test_what_is_not_sold_online_here_is_refused(gold, processor, change):
    change(gold)
    with pytest.raises(Refused, match="not sold online any more"):
        joined(gold)
    assert nothing_was_written()


def test_without_a_processor_nobody_enrols(gold):
    with pytest.raises(Refused, match="Cards can’t be taken online"):
        joined(gold)
    assert nothing_was_written()


def test_who_is_blocked_and_who_has_the_plan_read_the_same_words(gold, processor):
    make_member(make_client("Clara Nuñez"), gold)
    Client.objects.filter(pk=make_client("Ben Okafor").pk).update(blocked_at=clock.now())
    refusals = []
    for who in (CLARA, BEN):
        with pytest.raises(Refused) as caught:
            joined(gold, who)
        refusals.append((caught.value.message, caught.value.field))
    assert refusals[0] == refusals[1]
    assert not Enrolment.objects.filter(came_from="online").exists()


def test_a_member_who_has_the_plan_is_told_so_by_email(gold, processor):
    membership = make_member(make_client("Clara Nuñez"), gold)
    for _ in range(5):
        with pytest.raises(Refused):
            joined(gold)
    assert jobs().count({"what": "already", "row": str(membership.uuid)}) == 1


def test_who_is_being_enrolled_at_the_desk_is_not_enrolled_twice(gold, processor, desk):
    clara = make_client("Clara Nuñez")
    enrolled(clara, gold, desk, make_card(clara))
    with pytest.raises(Refused, match="can’t be done online"):
        joined(gold)
    assert Enrolment.objects.count() == 1


# --- Paying late, twice, not at all ---------------------------------------------------------------


def test_a_declined_card_leaves_it_waiting_and_another_pays(gold, processor):
    enrolment = joined(gold)
    attempt = opened(enrolment)
    processor.pay_page(attempt.url, DECLINED)
    attempts.look(attempt)
    assert fresh(enrolment).status == Status.WAITING and not Membership.objects.exists()
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert fresh(enrolment).status == Status.STARTED


def test_a_second_payment_goes_straight_back(gold, processor):
    enrolment = joined(gold)
    first, second = opened(enrolment), opened(enrolment)
    for attempt in (first, second):
        processor.pay_page(attempt.url)
        attempts.look(attempt)
    assert Membership.objects.count() == 1
    refund = CardRefund.objects.get()
    assert (refund.attempt, refund.amount) == (fresh(second), dollars(100))
    assert fresh(enrolment).status == Status.STARTED
    assert {"what": "sent_back", "row": str(enrolment.uuid)} in jobs()
    assert_well()


def test_two_enrolments_of_one_person_begin_one_membership(gold, processor):
    first, second = joined(gold), joined(gold)
    paid(processor, first)
    paid(processor, second)
    assert (fresh(first).status, fresh(second).status) == (Status.STARTED, Status.RETURNED)
    assert CardRefund.objects.get().amount == dollars(100)
    assert Membership.objects.count() == 1
    assert_well()


def test_it_lapses_after_forty_minutes_and_who_pays_later_begins_all_the_same(gold, processor):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        enrolment = joined(gold)
        traveller.shift(dt.timedelta(minutes=39))
        attempt = opened(enrolment)
        assert lapse_due() == 0
        traveller.shift(dt.timedelta(minutes=2))
        assert lapse_due() == 1 and lapse_due() == 0
        assert fresh(enrolment).status == Status.LAPSED
        with pytest.raises(Refused, match="time to pay is over"):
            begin_payment(enrolment=enrolment, back_url="https://x.example", uuid=uuid.uuid4())
        processor.pay_page(attempt.url)
        attempts.look(attempt)
    assert fresh(enrolment).status == Status.STARTED
    assert_well()


def test_what_was_paid_unseen_counts_before_it_would_lapse(gold, processor):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        enrolment = joined(gold)
        processor.pay_page(opened(enrolment).url)
        traveller.shift(dt.timedelta(minutes=41))
        assert lapse_due() == 0
    assert fresh(enrolment).status == Status.STARTED


def test_a_late_payment_that_can_begin_nothing_any_more_goes_straight_back(gold, processor):
    enrolment = joined(gold)
    attempt = opened(enrolment)
    make_member(enrolment.client, gold, card=make_card(enrolment.client))
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert fresh(enrolment).status == Status.RETURNED
    assert CardRefund.objects.get().amount == dollars(100)
    assert not CardOnFile.objects.standing().filter(method__startswith="pm_test").exists()
    assert {"what": "sent_back", "row": str(enrolment.uuid)} in jobs()
    assert_well()


def test_what_can_not_be_sold_goes_straight_back(gold, processor, monkeypatch):
    enrolment = joined(gold)
    attempt = opened(enrolment)
    monkeypatch.setattr("memberships.enrolling.begun.sell_paid", lambda **_: 1 / 0)
    processor.pay_page(attempt.url)
    assert attempts.look(attempt).status == Attempt.Status.SUCCEEDED
    assert fresh(enrolment).status == Status.RETURNED
    assert CardRefund.objects.get().amount == dollars(100)
    assert_well()


# --- Nothing due yet ------------------------------------------------------------------------------


def card_typed(processor, enrolment):
    saving = open_card_page(enrolment=enrolment, back_url="https://x.example")
    processor.pay_page(saving.url)


def test_a_trial_without_a_fee_keeps_a_card_and_then_begins(processor):
    enrolment = joined(sold_online(trial_days=14), expected=0)
    card_typed(processor, enrolment)
    assert finish_card(enrolment).status == Status.STARTED
    membership = Membership.objects.get()
    assert membership.card == CardOnFile.objects.get()
    today = clock.business_date(membership.location)
    assert membership.next_charge_on == today + dt.timedelta(days=14)
    assert not Order.objects.exists() and not membership.periods.exists()
    assert finish_card(enrolment).status == Status.STARTED
    assert_well()


def test_who_closed_the_browser_after_the_card_is_a_member_all_the_same(processor):
    enrolment = joined(sold_online(trial_days=14), expected=0)
    card_typed(processor, enrolment)
    assert lapse_due() == 0
    assert fresh(enrolment).status == Status.STARTED


def test_a_card_that_comes_when_nothing_can_begin_is_not_kept(processor):
    plan = sold_online(trial_days=14)
    enrolment = joined(plan, expected=0)
    card_typed(processor, enrolment)
    make_member(enrolment.client, plan, card=make_card(enrolment.client, last4="1881"))
    assert finish_card(enrolment).status == Status.RETURNED
    assert [card.last4 for card in CardOnFile.objects.standing()] == ["1881"]


def test_a_trial_with_a_fee_charges_the_fee_alone(processor):
    enrolment = joined(sold_online(trial_days=14, joining_fee=25), expected=25)
    paid(processor, enrolment)
    membership = Membership.objects.get()
    assert (membership.next_number, credit_of(membership.client)) == (0, dollars(0))
    assert_well()


def test_a_trial_whose_card_nobody_typed_lapses_and_its_page_is_closed(processor):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        enrolment = joined(sold_online(trial_days=14), expected=0)
        saving = open_card_page(enrolment=enrolment, back_url="https://x.example")
        traveller.shift(dt.timedelta(minutes=41))
        assert lapse_due() == 1
        assert fresh(saving).ended_at is not None
    assert fresh(enrolment).status == Status.LAPSED


def test_while_the_processor_is_silent_it_waits_five_minutes_more(gold, processor):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        enrolment = joined(gold)
        opened(enrolment)
        traveller.shift(dt.timedelta(minutes=41))
        with processor.down():
            assert lapse_due() == 0
            traveller.shift(dt.timedelta(minutes=5))
            assert lapse_due() == 1


def test_what_the_card_refuses_to_take_back_is_the_clients_balance(gold, processor):
    enrolment = joined(gold)
    first, second = opened(enrolment), opened(enrolment)
    for attempt, number in ((first, PAYS), (second, REFUND_FAILS)):
        processor.pay_page(attempt.url, number)
        attempts.look(attempt)
    sweep()
    processor.later()
    refund = CardRefund.objects.get()
    assert look_refund(refund).status == CardRefund.Status.REFUSED
    look_refund(refund)
    assert credit_of(enrolment.client) == dollars(220)
    assert fresh(refund).instead == "balance"
    assert_well()
