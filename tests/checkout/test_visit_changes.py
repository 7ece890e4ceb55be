"""A visit and its open sale."""

import pytest
from django.urls import reverse

from appointments.canceling import cancel
from appointments.errors import Refused
from appointments.models import Appointment
from checkout.opening import open_for_visit
from checkout.voiding import void_order
from tests.checkout.helpers import pay
from tests.factories import make_appointment, make_desk

pytestmark = pytest.mark.django_db


def test_a_visit_whose_sale_holds_money_is_not_canceled_until_the_sale_is_over():
    desk = make_desk("Olivia")
    visit = make_appointment()
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "cash", 20, desk)
    with pytest.raises(Refused, match=r"is open and \$20\.00 is paid on it"):
        cancel(appointment=visit, desk=desk, reason="ill")
    assert Appointment.objects.get().status == "booked"
    void_order(order=order, desk=desk, reason="Client left")
    cancel(appointment=visit, desk=desk, reason="ill")
    assert Appointment.objects.get().status == "canceled"


def test_today_is_told_which_visits_have_an_open_sale(client):
    desk = make_desk("Olivia")
    visit = make_appointment()
    order = open_for_visit(appointment=visit, desk=desk)
    client.force_login(desk.staff)
    answer = client.get(reverse("checkout:visit_chips"), {"visits": str(visit.pk)})
    assert f"Sale #{order.number} open" in answer.content.decode()
    assert client.get(reverse("checkout:visit_chips"), {"visits": "1;2"}).status_code == 400
