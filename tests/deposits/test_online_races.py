"""Many phones, one time of Maya's: one gets it, nobody else is charged."""

import datetime as dt

import pytest

from appointments.errors import Refused
from appointments.models import Appointment, AppointmentService
from appointments.segments import Wanted
from cards import attempts
from cards.models import Attempt, CardRefund
from deposits.booking.booker import Booker
from deposits.models import DepositRequest
from deposits.payments.asking import call_off
from deposits.payments.lapsing import lapse_due
from salon import clock
from tests.cards.paying import settle_everything, sweep, taken
from tests.deposits.online_helpers import (
    BEN,
    every_cent_is_somewhere,
    fresh,
    make_bookable,
    make_maya,
    make_shop,
    online,
    opened,
    run_jobs,
    status_of,
)
from tests.factories import make_desk
from tests.harness.at_once import at_once

Visit = Appointment.Status
Status = DepositRequest.Status
PHONES = 50


@pytest.fixture
def wanted(committing_db, processor):
    """Written before the race: what all of them want."""
    make_shop()
    return [Wanted(make_bookable(), make_maya())]


def test_fifty_phones_one_gets_it_and_nobody_else_is_charged(wanted, processor):
    def phone(number: int):
        def act():
            who = Booker(f"Phone{number}", "", f"phone{number}@example.com", "")
            request = online(who, services=wanted)
            attempt = opened(request)
            processor.pay_page(attempt.url)
            return attempts.look(attempt)

        return act

    answers = at_once(*[phone(number) for number in range(PHONES)], told=(Refused,))
    got = [answer for answer in answers if isinstance(answer, Attempt)]
    assert len(got) == 1
    assert len([it for it in answers if isinstance(it, Refused)]) == PHONES - 1
    assert all("taken a moment ago" in it.message for it in answers if isinstance(it, Refused))
    assert taken(processor) == {got[0].payment_id: 2550}
    assert Appointment.objects.get().status == Visit.BOOKED
    assert not CardRefund.objects.exists()
    every_cent_is_somewhere(processor)


def lapsed(wanted):
    """Its page is open still; its time is free."""
    request = online(services=wanted)
    attempt = opened(request)
    DepositRequest.objects.filter(pk=request.pk).update(
        expires_at=clock.now() - dt.timedelta(minutes=1)
    )
    assert lapse_due() == 1
    return request, attempt


@pytest.mark.parametrize("turn", range(3))
def test_a_late_payment_and_a_new_booking_at_once_one_has_the_time(wanted, processor, turn):
    request, attempt = lapsed(wanted)
    processor.pay_page(attempt.url)
    at_once(
        lambda: attempts.look(attempt),
        lambda: online(BEN, services=wanted),
        lambda: attempts.look(attempt),
        told=(Refused,),
    )
    assert AppointmentService.objects.filter(occupies=True).count() == 1
    was_late = status_of(request) == (Status.RETURNED, Visit.LAPSED)
    assert was_late or status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    sweep()
    every_cent_is_somewhere(processor)


@pytest.mark.parametrize("turn", range(3))
def test_a_payment_that_is_heard_of_while_its_time_runs_out_counts(wanted, processor, turn):
    request = online(services=wanted)
    attempt = opened(request)
    processor.pay_page(attempt.url)
    DepositRequest.objects.update(expires_at=clock.now() - dt.timedelta(minutes=1))
    at_once(lambda: attempts.look(attempt), lapse_due, lapse_due, sweep)
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    every_cent_is_somewhere(processor)


@pytest.mark.parametrize("turn", range(3))
def test_two_pages_that_are_paid_at_once_one_counts_and_one_goes_back(wanted, processor, turn):
    request = online(services=wanted)
    pages = [opened(request), opened(request)]
    for page in pages:
        processor.pay_page(page.url)
    at_once(*[lambda page=page: attempts.look(page) for page in pages])
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    assert CardRefund.objects.count() == 1
    sweep()
    every_cent_is_somewhere(processor)


@pytest.mark.parametrize("turn", range(3))
def test_a_payment_and_its_being_called_off_at_once_end_one_way(wanted, processor, turn):
    request = online(services=wanted)
    attempt = opened(request)
    processor.pay_page(attempt.url)
    desk = make_desk("Jo")
    at_once(
        lambda: attempts.look(attempt),
        lambda: call_off(request=request, desk=desk),
        told=(Refused,),
    )
    attempts.look(attempt)
    run_jobs()
    settle_everything()
    assert status_of(request) in [
        (Status.CONFIRMED, Visit.BOOKED),
        (Status.RETURNED, Visit.LAPSED),
    ]
    assert fresh(attempt).status == Attempt.Status.SUCCEEDED
    every_cent_is_somewhere(processor)
