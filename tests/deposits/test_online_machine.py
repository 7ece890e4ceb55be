"""Whatever clients, the desk, the worker and the processor do, in any order: no cent is lost."""

import pytest

from cards import attempts
from deposits.payments import taking
from deposits.payments.asking import call_off
from tests.deposits.machine_online import Online
from tests.deposits.online_helpers import make_shop, online, opened
from tests.factories import make_desk
from tests.harness import machines


@pytest.mark.django_db
def test_every_cent_is_somewhere_once_whatever_happens(processor):
    class Connected(Online):
        pass

    Connected.processor = processor
    machines.run(Connected, examples=8, steps=25, env="DEPOSITS_EXAMPLES")


@pytest.mark.django_db
def test_the_machine_notices_a_cent_that_is_lost(processor, monkeypatch):
    """Who checks the checks: nothing is sent back of a booking that was called off."""
    make_shop()
    machine = Online.__new__(Online)
    machine.frame = None
    request = online()
    attempt = opened(request)
    call_off(request=request, desk=make_desk("Jo"))
    processor.pay_page(attempt.url)
    machine.every_cent_is_somewhere_once()
    monkeypatch.setattr(taking, "give_straight_back", lambda **given: None)
    attempts.look(attempt)
    with pytest.raises(AssertionError):
        machine.every_cent_is_somewhere_once()
