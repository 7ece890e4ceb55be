"""A client's phone and the desk at one visit in one moment, with real commits."""

import datetime as dt
import uuid

import pytest

from appointments import errors
from appointments.booking import fingerprint
from appointments.canceling import cancel
from appointments.free_times import Slot
from appointments.models import Appointment, VisitMove
from deposits.models import Decision, Fate
from deposits.own.canceling import cancel_online, consequence_now, print_of
from deposits.own.moving import Device, move_online
from deposits.views.own import by_the_client
from salon import clock
from tests.deposits.money import answers, held, make_visit, take_deposit
from tests.deposits.own import jobs
from tests.deposits.rules import set_booking
from tests.factories import make_client, make_desk
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well

TOLD = (errors.Refused,)


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


@pytest.fixture
def visit(desk):
    set_booking(online_booking=True)
    visit = make_visit(make_client("Clara Nuñez"), days=5)
    take_deposit(visit, 30, desk)
    return visit


def cancels(visit):
    """The client presses the button of one page."""
    at = clock.now()
    seen, uuid_ = print_of(visit, consequence_now(visit, at)), uuid.uuid4()
    desk = by_the_client(visit.location)
    return lambda: cancel_online(visit=visit, seen=seen, reason="", uuid=uuid_, desk=desk)


def moves(visit, hours):
    starts = visit.starts_at + dt.timedelta(hours=hours)
    slot = Slot(starts, (visit.services.get().staff,))
    seen, desk = fingerprint(visit), by_the_client(visit.location)
    phone = Device("203.0.113.7", "A phone")
    return lambda: move_online(visit=visit, slot=slot, seen=seen, desk=desk, device=phone)


def refusals(done):
    return [one for one in done if isinstance(one, TOLD)]


def test_canceled_in_two_windows_at_once_it_is_canceled_and_told_once(visit):
    done = at_once(*[cancels(visit) for _ in range(3)], told=TOLD)
    assert not refusals(done)
    assert Decision.objects.count() == Fate.objects.count() == len(jobs()) == 1
    assert held(visit) == "$0.00"
    assert_well()


def test_canceled_by_the_client_and_at_the_desk_at_once_one_decides(desk, visit):
    at_the_desk = answers(visit, "forfeited")
    at_once(
        cancels(visit),
        lambda: cancel(appointment=visit, reason="", desk=desk, answers=at_the_desk),
        told=TOLD,
    )
    assert Decision.objects.count() == Fate.objects.count() == 1
    assert Appointment.objects.get().status == "canceled"
    assert_well()


def test_moved_and_canceled_at_once_the_second_is_shown_it_anew(visit):
    done = at_once(moves(visit, 24), cancels(visit), told=TOLD)
    (refused,) = refusals(done)
    status = Appointment.objects.get().status
    assert (status, VisitMove.objects.count()) in [("booked", 1), ("canceled", 0)]
    assert "Nothing was" in refused.message
    assert_well()


def test_moved_in_two_windows_at_once_it_is_moved_once(visit):
    done = at_once(moves(visit, 24), moves(visit, 48), told=TOLD)
    assert len(refusals(done)) == 1
    assert VisitMove.objects.count() == 1
    assert held(visit) == "$30.00"
    assert_well()
