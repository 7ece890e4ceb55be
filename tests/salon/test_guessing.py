"""Counting tries: of many that come at once no more get through than may."""

import pytest
from django.test import RequestFactory

from salon.guessing import Tries, connection_of
from tests.harness.at_once import at_once

THREE = Tries("test-tries", 3, 60)


@pytest.mark.django_db
def test_so_many_are_taken_and_forgotten_again():
    assert [THREE.take("Clara") for _ in range(4)] == [True, True, True, False]
    assert THREE.take("Ben")
    THREE.forget("Clara")
    assert THREE.take("Clara")


@pytest.mark.django_db
def test_who_tries_under_many_names_pushes_nothing_out():
    others = [Tries(f"test-{number}", 3, 60) for number in range(320)]
    first = Tries("a-test", 3, 60)
    for _ in range(3):
        first.count("Clara")
    for other in others:
        other.count("somebody")
    assert first.is_over("Clara")


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_three_are_taken():
    THREE.forget("Clara")
    assert sum(at_once(*[lambda: THREE.take("Clara")] * 8)) == 3


@pytest.mark.parametrize(
    ("address", "connection"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        ("::ffff:203.0.113.9", "203.0.113.9/32"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
    ],
)
def test_another_address_of_ones_own_network_is_nobody_else(address, connection):
    assert connection_of(RequestFactory().get("/", REMOTE_ADDR=address)) == connection


@pytest.mark.django_db(transaction=True)
def test_of_wrong_guesses_at_once_none_is_lost():
    THREE.forget("Ben")
    at_once(*[lambda: THREE.count("Ben")] * 3)
    assert THREE.is_over("Ben")
