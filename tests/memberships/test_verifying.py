"""verify_ledger names what is wrong with memberships, each thing that can be."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.models import F

from checkout.models import LineItem, OrderCharge
from ledger.models import Lot
from ledger.verifying import verify
from memberships.models import Enrolment, Membership, Period
from tests.factories import make_client, make_credit, make_desk
from tests.ledger.books import assert_well
from tests.memberships.members import enrolled, make_member, make_plan
from tests.memberships.renewing import START, make_payer, renewed

pytestmark = pytest.mark.django_db


def wrong():
    return [sentence for result in verify() for sentence in result.named]


@pytest.fixture
def lived(processor):
    """Clara has paid twice, the second time by card; Ben is in his trial; Ines is enrolling."""
    member = make_payer(processor, make_plan(joining_fee=25))
    renewed(START + dt.timedelta(days=31))
    assert member.periods.filter(status="paid").count() == 2
    make_member(make_client("Ben Okafor"), make_plan("Trial", trial_days=30))
    enrolled(make_client("Ines Duarte"), make_plan("Silver", 50, 30), make_desk("Olivia"))
    make_credit(make_client("Ines Duarte"), 120)
    assert_well()


def first():
    return Period.objects.filter(number=0)


def second():
    return Period.objects.filter(number=1)


def enrolment(status, **more):
    return Enrolment.objects.filter(status=status, **more)


def fee():
    return LineItem.objects.filter(kind="joining_fee")


def alien_lot():
    """A lot of somebody else's, from opening balances."""
    return Lot.objects.get(source="purchase")


BROKEN = [
    (lambda: first().update(adds=90), "it adds 9000 and a bonus of 0"),
    (lambda: first().update(price=90), "costs 90.00, and was sold for 100.00"),
    (lambda: first().update(bonus_lot=alien_lot()), "were not opened by sale"),
    (lambda: first().update(bonus_lot=None), "lots of 10000 and 0 for 10000 and a bonus of 2000"),
    (lambda: first().update(buys="services"), "or are of another kind"),
    (lambda: first().update(line=None), "paid, and line  of its sale"),
    (lambda: first().update(line=None), "it pays 0 periods and begins 0 trials"),
    (
        lambda: LineItem.objects.filter(kind="joining_fee").update(kind="membership"),
        "pays 0 periods",
    ),
    (lambda: second().update(status="skipped"), "skipped, and sale #"),
    (lambda: second().update(status="waived"), "and what it is for says sale"),
    (lambda: Period.objects.update(adds=F("adds") + 1), "add a bonus of 2100"),
    (
        lambda: fee().update(amount=24, unit_price=24),
        "and earn 2400, its entry posted 2000 and 2500",
    ),
    (lambda: enrolment("started").update(status="lapsed"), "lapsed, and membership"),
    (lambda: enrolment("waiting").update(status="started"), "nobody is a member by it"),
    (
        lambda: enrolment("started").update(client=Enrolment.objects.get(status="waiting").client),
        "its membership of client",
    ),
    (lambda: enrolment("started", has_trial=False).update(line=None), "nothing was paid for it"),
    (lambda: OrderCharge.objects.update(tender=None), "paid no membership, and 0 of it went"),
    (
        lambda: Membership.objects.update(
            client=make_client(), plan=Membership.objects.earliest("pk").plan
        ),
        "2 memberships of plan",
    ),
]
"""How each is broken, and what verify_ledger says then."""


def test_each_thing_that_is_wrong_is_told(lived):
    for break_it, told in BROKEN:
        with transaction.atomic():
            break_it()
            assert any(told in sentence for sentence in wrong()), (told, wrong())
            transaction.set_rollback(True)
    assert wrong() == []
