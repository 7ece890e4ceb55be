"""The process dies between any two steps of booking and paying online; the processor breaks down.

Each time: nobody is charged twice, a charge holds a deposit or goes back, no time is held for ever.
"""

import datetime as dt

import pytest
import time_machine

from appointments.models import Appointment
from cards import attempts
from cards.models import Attempt
from deposits.booking import online as of_booking
from deposits.models import DepositRequest, DepositRule
from deposits.payments import lapsing, taking
from deposits.payments.lapsing import lapse_due
from deposits.payments.paying import finish_card, open_card_page
from salon import clock
from tests.cards.killing import Killed, killed_after
from tests.cards.paying import settle_everything, sweep
from tests.deposits.online_helpers import (
    BACK,
    BEN,
    at_noon,
    every_cent_is_somewhere,
    fresh,
    make_shop,
    online,
    opened,
    paid,
    run_jobs,
    status_of,
)

pytestmark = pytest.mark.django_db
Visit = Appointment.Status
Status = DepositRequest.Status


@pytest.fixture(autouse=True)
def shop(processor):
    return make_shop()


def a_while_passes() -> None:
    """Longer than a time is held, even while the processor is silent; shorter than its page."""
    with time_machine.travel(clock.now() + dt.timedelta(minutes=20), tick=False):
        lapse_due()


def everything_ends(processor) -> None:
    run_jobs()
    settle_everything()
    a_while_passes()
    run_jobs()
    assert sweep() == []
    assert not DepositRequest.objects.filter(status=Status.WAITING).exists()
    assert not Appointment.objects.filter(status=Visit.PENDING).exists()
    every_cent_is_somewhere(processor)


def test_killed_anywhere_on_the_way_of_a_payment(processor):
    """Booked, paid, heard of: killed at each talk with the processor in turn."""
    ends = []
    for steps in range(20):
        request = online(starts_at=at_noon(steps + 1))
        with killed_after(steps) as died:
            attempt = opened(request)
            processor.pay_page(attempt.url)
            attempts.look(attempt)
        everything_ends(processor)
        ends.append(status_of(request))
        if not died[0]:
            break
    assert set(ends) == {(Status.LAPSED, Visit.LAPSED), (Status.CONFIRMED, Visit.BOOKED)}


@pytest.mark.parametrize(
    "step", ["confirm_visit", "_sell", "end", "tell_booked", "queue_for_client", "sell_paid"]
)
def test_killed_while_a_payment_is_recorded_it_is_recorded_later(processor, monkeypatch, step):
    request = online()
    attempt = opened(request)
    processor.pay_page(attempt.url)
    _dies_at(monkeypatch, taking, step, lambda: attempts.look(attempt))
    assert status_of(request) == (Status.WAITING, Visit.PENDING)
    assert sweep() == []
    assert status_of(request) == (Status.CONFIRMED, Visit.BOOKED)
    everything_ends(processor)


@pytest.mark.parametrize("step", ["give_straight_back", "end", "tell_sent_back"])
def test_killed_while_a_payment_is_sent_back_it_is_sent_later(processor, monkeypatch, step):
    request = online()
    attempt = opened(request)
    a_while_passes()
    paid(processor, online(BEN))
    processor.pay_page(attempt.url)
    _dies_at(monkeypatch, taking, step, lambda: attempts.look(attempt))
    assert status_of(request) == (Status.LAPSED, Visit.LAPSED)
    sweep()
    assert status_of(request) == (Status.RETURNED, Visit.LAPSED)
    everything_ends(processor)


def test_killed_while_times_are_given_back_it_goes_on_later(processor, monkeypatch):
    requests = [online(starts_at=at_noon(days)) for days in (2, 3)]
    _dies_at(monkeypatch, lapsing, "end", a_while_passes)
    assert {status_of(it)[0] for it in requests} == {Status.WAITING}
    a_while_passes()
    assert {status_of(it)[0] for it in requests} == {Status.LAPSED}
    everything_ends(processor)


def test_killed_while_it_is_booked_nothing_is_written(processor, monkeypatch):
    _dies_at(monkeypatch, of_booking, "_asked_for", online)
    assert not Appointment.objects.exists()


def _dies_at(monkeypatch, module, name, act) -> None:
    def die(*given, **named):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(module, name, die)
        act()


def test_what_cannot_be_recorded_goes_back_and_is_logged(processor, monkeypatch, caplog):
    def breaks(*given, **named):
        raise ValueError("a mistake of ours")

    request = online()
    attempt = opened(request)
    processor.pay_page(attempt.url)
    monkeypatch.setattr(taking, "sell_paid", breaks)
    assert attempts.look(attempt).status == Attempt.Status.SUCCEEDED
    assert status_of(request) == (Status.RETURNED, Visit.LAPSED)
    assert "could not be recorded" in caplog.text
    everything_ends(processor)


def test_killed_anywhere_while_a_card_is_kept(processor):
    make_shop(percent=None, card_for_fees="required")
    DepositRule.objects.all().delete()
    for steps in range(20):
        request = online(starts_at=at_noon(steps + 1), expected=0, keep_card=True)
        with killed_after(steps) as died:
            saving = open_card_page(request=request, back_url=BACK)
            processor.pay_page(saving.url)
            finish_card(request)
        lapse_due()
        everything_ends(processor)
        assert status_of(request)[0] in (Status.CONFIRMED, Status.LAPSED)
        if not died[0]:
            break
    assert fresh(request).status == Status.CONFIRMED


@pytest.mark.parametrize("how", ["close", "500", "429", "lost", "done_500"])
@pytest.mark.parametrize("path", ["/v1/checkout/sessions", "/v1/refunds"])
def test_whatever_is_answered_no_deposit_is_lost_or_doubled(processor, path, how):
    request, late = online(starts_at=at_noon(4)), online()
    page = opened(late)
    a_while_passes()
    paid(processor, online(BEN))
    processor.fault(path, how)
    processor.pay_page(page.url)
    attempts.look(page)
    everything_ends(processor)
    assert status_of(late)[0] == Status.RETURNED
    assert status_of(request)[0] == Status.LAPSED
