"""How often a deposit was carried to another time, and whether it may be again."""

import datetime as dt

import pytest
import time_machine

from appointments.models import VisitMove
from appointments.moving import move
from deposits.fates.carrying import carried_words, carry_of
from salon import clock
from tests.deposits.money import by_hand, in_days, make_visit, policy, take_deposit, wish
from tests.factories import make_client, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(desk):
    return make_visit(make_client("Clara Nuñez"))


def test_a_visit_without_a_deposit_carries_nothing(desk, visit):
    policy(most_moves=0)
    move(appointment=visit, starts_at=in_days(9), desk=desk)
    carry = carry_of(visit, in_days(20))
    assert (carry.times, carry.may, carry.words) == (0, True, "")


def test_moves_count_from_when_the_deposit_was_paid(desk, visit):
    moved = move(appointment=visit, starts_at=in_days(5), desk=desk)
    take_deposit(moved, 30, make_desk("Olivia"))
    assert carry_of(moved).words == ""
    moved = move(appointment=moved, starts_at=in_days(9), desk=make_desk("Olivia"))
    assert carry_of(moved).words == "moved once"
    policy(most_moves=1)
    carry = carry_of(moved)
    assert (carry.words, carry.may, carry.why_not) == (
        "moved 1 of 1", False, "This deposit was moved 1 of 1.",
    )  # fmt: skip
    policy(most_moves=2)
    assert carry_of(moved).may


def test_what_the_desk_moves_by_mistake_and_back_does_not_count(desk, visit):
    policy(most_moves=1)
    take_deposit(visit, 30, desk)
    was = visit.starts_at
    move(appointment=visit, starts_at=in_days(5), desk=make_desk("Jo"))
    back = move(appointment=visit, starts_at=was, desk=make_desk("Jo"))
    assert (carry_of(back).times, carry_of(back).may) == (0, True)


def test_the_way_back_is_open_where_nothing_may_be_carried(desk, visit):
    take_deposit(visit, 30, desk)
    moved = move(appointment=visit, starts_at=in_days(5), desk=make_desk("Jo"))
    policy(most_moves=0)
    assert carry_of(moved, visit.starts_at, by=make_desk("Jo").staff).may
    assert not carry_of(moved, in_days(6), by=make_desk("Jo").staff).may


def test_what_the_desk_puts_right_at_once_counts_once(desk, visit):
    policy(most_moves=1)
    take_deposit(visit, 30, desk)
    for days in (5, 6):
        moved = move(appointment=visit, starts_at=in_days(days), desk=make_desk("Jo"))
    assert carry_of(moved).words == "moved 1 of 1"
    with time_machine.travel(clock.now() + dt.timedelta(hours=1)):
        assert not carry_of(moved, in_days(7), by=make_desk("Jo").staff).may


def test_a_client_who_moves_online_is_counted_each_time(desk, visit):
    policy(most_moves=1)
    take_deposit(visit, 30, desk)
    moved = move(appointment=visit, starts_at=in_days(5), desk=make_desk("Jo"))
    assert not carry_of(moved, in_days(6)).may
    VisitMove.objects.update(by=None)
    assert not carry_of(moved, in_days(6), by=make_desk("Jo").staff).may


def test_being_moved_to_another_visit_counts_too(desk, visit):
    policy(most_moves=2)
    take_deposit(visit, 30, desk)
    move(appointment=visit, starts_at=in_days(5), desk=make_desk("Olivia"))
    other = make_visit(visit.client, 9)
    by_hand(visit, make_desk("Olivia"), wish("moved", 30, other))
    carry = carry_of(other)
    assert (carry.times, carry.words, carry.may) == (2, "moved 2 of 2", False)


def test_it_is_carried_until_so_many_days_after_the_first_date(desk, visit):
    policy(carry_days=30)
    first = visit.starts_at
    take_deposit(visit, 30, desk)
    moved = move(appointment=visit, starts_at=in_days(20), desk=make_desk("Olivia"))
    carry = carry_of(moved)
    day = first.astimezone(visit.location.zone).date() + dt.timedelta(days=30)
    assert (carry.until, carry.may) == (day, True)
    assert carry_of(moved, first + dt.timedelta(days=30)).may
    beyond = carry_of(moved, first + dt.timedelta(days=32))
    assert not beyond.may
    assert beyond.why_not.startswith("This deposit may be carried until ")


def test_many_visits_are_told_with_a_fixed_number_of_queries(
    desk, visit, django_assert_max_num_queries
):
    visits = [make_visit(visit.client, 10 + n) for n in range(4)]
    for one in visits:
        take_deposit(one, 30, desk)
    for n, one in enumerate(visits[:2]):
        move(appointment=one, starts_at=in_days(30 + n), desk=make_desk("Olivia"))
    with django_assert_max_num_queries(7):
        told = carried_words(visits)
    assert told == {one.pk: "moved once" for one in visits[:2]}
    with django_assert_max_num_queries(1):
        assert carried_words([visit]) == {}
