"""Counting tries: of many that come at once no more get through than may."""

import pytest

from salon.guessing import Tries
from tests.harness.at_once import at_once

THREE = Tries("test-tries", 3, 60)


@pytest.mark.django_db
def test_so_many_are_taken_and_forgotten_again():
    assert [THREE.take("Clara") for _ in range(4)] == [True, True, True, False]
    assert THREE.take("Ben")
    THREE.forget("Clara")
    assert THREE.take("Clara")


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_three_are_taken():
    THREE.forget("Clara")
    assert sum(at_once(*[lambda: THREE.take("Clara")] * 8)) == 3
