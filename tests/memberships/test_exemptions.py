"""Members who pay no booking deposit for the services of their plan, where the owner says so."""

import datetime as dt

import pytest

from deposits.models import BookingSettings
from deposits.rules.policy import asked_of
from memberships.exemptions import reasons_of
from memberships.models import Membership
from salon import clock
from tests.deposits.rules import make_rule
from tests.factories import dollars, make_client, make_location, make_service
from tests.memberships.members import make_plan

TOMORROW = dt.timedelta(days=1)


@pytest.fixture
def cut(db):
    return make_service("Cut & finish", 85)


@pytest.fixture
def gloss(db):
    return make_service("Gloss", 40)


@pytest.fixture
def gold(cut):
    return make_plan(services=[cut])


def members_pay(value: bool) -> None:
    BookingSettings.objects.update(members_pay_deposits=value)


def asked(client, *services):
    make_rule("50 %")
    return asked_of(
        client=client,
        services=[(service, None) for service in services],
        location=make_location(),
        at=clock.now() + TOMORROW,
    )


def reasons(client, *services):
    return reasons_of(client, services, make_location(), clock.now() + TOMORROW)


def test_members_pay_the_deposit_as_everybody_does(member, clara, cut):
    assert asked(clara, cut).amount == dollars("42.50")


def test_the_owner_can_let_them_pay_none_for_the_services_of_their_plan(member, clara, cut, gloss):
    members_pay(False)
    both = asked(clara, cut, gloss)
    assert both.amount == dollars(20)
    assert "Gold members pay no deposit for it" in both.explained


def test_who_pays_none_at_all_is_told_why(member, clara, cut):
    members_pay(False)
    assert asked(clara, cut).sentence == "No deposit is asked: Gold members pay no deposit for it."


def test_nobody_else_is_exempt(member, cut):
    members_pay(False)
    assert asked(make_client("Ben Okafor"), cut).amount == dollars("42.50")
    assert reasons(None, cut) == {}


@pytest.mark.parametrize("status", ["paused", "past_due", "unpaid"])
def test_a_membership_that_is_not_in_order_exempts_nobody(status, member, clara, cut):
    Membership.objects.update(status=status, next_charge_on=None)
    assert reasons(clara, cut) == {}


def test_one_that_ends_before_the_visit_does_not_cover_it(member, clara, cut):
    day = clock.business_date(make_location()) + TOMORROW
    Membership.objects.update(ends_on=day)
    assert reasons(clara, cut) == {}
    Membership.objects.update(ends_on=day + TOMORROW)
    assert reasons(clara, cut) == {cut.pk: "Gold members pay no deposit for it"}


def test_it_costs_one_query_and_none_for_somebody_new(
    member, clara, cut, django_assert_num_queries
):
    place, at = make_location(), clock.now() + TOMORROW
    with django_assert_num_queries(1):
        reasons_of(clara, [cut], place, at)
    with django_assert_num_queries(0):
        reasons_of(None, [cut], place, at)
