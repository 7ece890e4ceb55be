"""Several payments of one person at once: one membership, one charge that stays, the rest back."""

import uuid

import pytest

from cards import attempts
from cards.models import CardOnFile, CardRefund
from clients.models import Client
from memberships.enrolling.paying import finish_card, open_card_page
from memberships.enrolling.waiting import lapse_due
from memberships.models import Enrolment, Membership
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well
from tests.memberships.online import fresh, joined, opened, sold_online

Status = Enrolment.Status


@pytest.fixture
def gold(committing_db, processor):
    return sold_online()


def test_payments_of_several_enrolments_at_once_begin_one_membership(gold, processor):
    enrolments = [joined(gold) for _ in range(3)]
    pages = [opened(enrolment) for enrolment in enrolments]
    for attempt in pages:
        processor.pay_page(attempt.url)
    at_once(*[lambda it=attempt: attempts.look(it) for attempt in pages * 2])
    assert Membership.objects.count() == 1
    assert sorted(fresh(one).status for one in enrolments) == ["returned", "returned", "started"]
    assert CardRefund.objects.count() == 2
    assert_well()


def test_one_form_sent_at_once_is_one_enrolment_of_one_client(gold, processor):
    key = uuid.uuid4()
    at_once(*[lambda: joined(gold, uuid=key)] * 4)
    assert Enrolment.objects.count() == Client.objects.count() == 1


def test_the_page_and_the_job_find_the_kept_card_at_once_and_begin_once(committing_db, processor):
    enrolment = joined(sold_online(trial_days=14), expected=0)
    saving = open_card_page(enrolment=enrolment, back_url="https://salon.example/")
    processor.pay_page(saving.url)
    at_once(lambda: finish_card(enrolment), lapse_due, lambda: finish_card(enrolment), lapse_due)
    assert Membership.objects.get().card == CardOnFile.objects.standing().get()
    assert fresh(enrolment).status == Status.STARTED
    assert_well()
