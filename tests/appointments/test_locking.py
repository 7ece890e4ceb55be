"""A visit is found also by who waited for it while it became somebody else's."""

import pytest
from django.db import transaction

from appointments.locking import lock
from appointments.models import Appointment
from tests.factories import make_appointment, make_client
from tests.harness.at_once import LIMIT, start, until_waiting


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_a_visit_finds_it_with_the_client_that_it_has_by_now():
    visit, ben = make_appointment(), make_client("Ben Okafor")

    def waits() -> Appointment:
        with transaction.atomic():
            return lock(visit)

    with transaction.atomic():
        lock(visit)
        waiting = start(waits)
        until_waiting(1)
        Appointment.objects.filter(pk=visit.pk).update(client=ben)
    assert waiting.result(LIMIT).client == ben


@pytest.mark.django_db
def test_a_visit_that_is_not_there_is_not_found():
    visit = make_appointment()
    Appointment.objects.filter(pk=visit.pk).delete()
    with pytest.raises(Appointment.DoesNotExist):
        lock(visit)
