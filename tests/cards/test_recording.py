"""Recording what became of a payment, by who had to wait for its row."""

from django.db import transaction

from cards import recording
from cards.models import Attempt
from tests.cards.paying import make_attempt
from tests.factories import make_client
from tests.harness.at_once import LIMIT, start, until_waiting


def test_who_waited_to_record_a_payment_finds_the_client_that_it_has_by_now(
    committing_db, processor, paying
):
    """A merge gives open payments to the one who stays."""
    attempt, ben = make_attempt(client=make_client("Clara Nuñez")), make_client("Ben Okafor")

    def waits() -> Attempt:
        with transaction.atomic():
            return recording.locked(attempt)

    with transaction.atomic():
        recording.locked(attempt)
        waiting = start(waits)
        until_waiting(1)
        Attempt.objects.filter(pk=attempt.pk).update(client=ben)
    assert waiting.result(LIMIT).client == ben
