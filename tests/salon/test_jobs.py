"""Jobs that are asked for where something happens."""

import datetime as dt

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout.tasks import email_receipt
from salon.jobs import ask_once

pytestmark = pytest.mark.django_db


def ask(lock: str, **more) -> None:
    ask_once(email_receipt, lock=lock, queue="receipts", order="", to="clara@example.com", **more)


def test_a_twin_that_waits_is_asked_for_once_and_the_transaction_goes_on():
    with transaction.atomic():
        ask("one")
        ask("one")
        ask("another", wait=120)
    first, later = ProcrastinateJob.objects.order_by("id")
    assert first.scheduled_at is None
    assert later.scheduled_at > dt.datetime.now(dt.UTC)


def test_what_is_rolled_back_is_not_done():
    with transaction.atomic():
        ask("one")
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()
