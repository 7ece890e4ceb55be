"""verify_ledger names what is wrong with deposit requests, each thing that can be."""

import pytest
from django.core.management import call_command
from django.db import transaction

from appointments.models import Appointment
from cards.models import CardRefund
from checkout.models import LineItem
from deposits.models import DepositRequest
from deposits.payments.lapsing import lapse_due
from ledger.verifying import verify
from salon import clock
from tests.cards.paying import sweep
from tests.deposits.online_helpers import (
    BEN,
    at_noon,
    make_shop,
    online,
    opened,
    paid,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


def wrong():
    return [sentence for result in verify() for sentence in result.named]


@pytest.fixture
def lived(processor):
    """One that is paid, one that waits, one that came back, one that lapsed."""
    from cards import attempts

    make_shop()
    paid(processor, online())
    online(BEN, starts_at=at_noon(4))
    late = online(starts_at=at_noon(5))
    page = opened(late)
    DepositRequest.objects.filter(pk=late.pk).update(expires_at=clock.now())
    lapse_due()
    paid(processor, online(BEN, starts_at=at_noon(5)))
    processor.pay_page(page.url)
    attempts.look(page)
    sweep()
    lapsed = online(starts_at=at_noon(6))
    DepositRequest.objects.filter(pk=lapsed.pk).update(expires_at=clock.now())
    lapse_due()
    assert_well()


def requests(status):
    return DepositRequest.objects.filter(status=status)


def test_all_is_well_with_what_the_verbs_write(lived):
    assert wrong() == []
    assert set(DepositRequest.objects.values_list("status", flat=True)) == {
        "confirmed",
        "waiting",
        "returned",
        "lapsed",
    }


BROKEN = [
    (lambda: requests("confirmed").update(amount=30), "its sale has 25.50 of deposit"),
    (lambda: requests("confirmed").update(order=None), "confirmed, sold by no sale"),
    (lambda: requests("confirmed").update(order=None), "and its deposit request says sale #"),
    (lambda: requests("waiting").update(status="confirmed"), "0 were set aside"),
    (lambda: requests("returned").update(status="lapsed"), "1 of its card payments"),
    (lambda: requests("confirmed").update(status="canceled"), "its payment stands"),
    (lambda: requests("lapsed").update(status="returned"), "no card was charged for it"),
    (lambda: CardRefund.objects.update(amount=20), "20.00 of it went straight back"),
    (
        lambda: LineItem.objects.update(
            appointment=Appointment.objects.filter(status="pending").get()
        ),
        "its sale has 0 of deposit",
    ),
    (lambda: requests("waiting").update(status="lapsed"), "0 requests for one wait"),
    (
        lambda: Appointment.objects.filter(status="lapsed").update(status="pending"),
        "its time is free",
    ),
]
"""How each is broken, and what verify_ledger says then."""


def test_each_thing_that_is_wrong_is_told(lived):
    for break_it, told in BROKEN:
        with transaction.atomic():
            break_it()
            assert any(told in sentence for sentence in wrong()), (told, wrong())
            transaction.set_rollback(True)
    assert wrong() == []


def test_a_command_gives_times_back(processor, capsys):
    make_shop()
    online()
    DepositRequest.objects.update(expires_at=clock.now())
    call_command("release_slots")
    call_command("release_slots")
    assert capsys.readouterr().out == "1 request not paid in time\n0 requests not paid in time\n"
