"""A visit whose sale is open neither ends nor changes hands; moving it is harmless."""

import pytest

from appointments.canceling import cancel, mark_late, mark_no_show
from appointments.errors import Refused
from appointments.giving import give_to
from appointments.models import Appointment
from appointments.moving import move
from checkout.opening import open_for_visit
from checkout.voiding import void_order
from tests.factories import make_appointment, make_client, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    return make_desk("Marcus")


@pytest.fixture
def visit(desk):
    return make_appointment(make_client("Clara Nuñez"), location=desk.location)


def test_an_open_sale_keeps_the_visit_as_it_is(desk, visit):
    order = open_for_visit(appointment=visit, desk=desk)
    words = f"Sale #{order.number} of this visit is open. Close it or void it first; the visit"
    for verb in (cancel, mark_late, mark_no_show):
        with pytest.raises(Refused, match=f"{words} stays as it is"):
            verb(appointment=visit, reason="", desk=desk)
    with pytest.raises(Refused, match=f"{words} stays Clara Nuñez’s"):
        give_to(appointment=visit, client=make_client("Ben Okafor"), desk=desk)
    visit.refresh_from_db()
    assert (visit.status, visit.client.name) == (Appointment.Status.BOOKED, "Clara Nuñez")


def test_it_may_be_moved(desk, visit):
    open_for_visit(appointment=visit, desk=desk)
    later = visit.starts_at.replace(minute=0)
    assert move(appointment=visit, starts_at=later, desk=desk).starts_at == later


def test_once_the_sale_is_void_the_visit_ends(desk, visit):
    order = open_for_visit(appointment=visit, desk=desk)
    void_order(order=order, desk=desk, reason="A slip")
    assert mark_late(appointment=visit, reason="", desk=desk).is_gone
