"""Memberships in the demo: who is a member on the first day, and what the months bring."""

import datetime as dt
import uuid
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from cards import attempts
from cards.models import Attempt, CardOnFile
from checkout.charges.charging import begin_charge
from checkout.closing import close_order
from checkout.lines import add_service
from checkout.models import Order
from checkout.models.orders import Totals
from checkout.opening import open_order
from clients.models import Client
from demo import cards, members, missed, seeding
from demo.management.commands.later import Command as Later
from deposits.models import Fee
from ledger.balances import balance_of
from memberships.enrolling.enrolling import enrol
from memberships.models import Membership, Period, Plan
from salon import clock
from salon.desk import Desk
from salon.models import Location, Service, StaffMember
from salon.money import money
from tests.checkout.helpers import pay
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
AFTERNOON = dt.datetime(2026, 11, 20, 20, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 20)
Status = Membership.Status


@pytest.fixture
def small(demo_on, processor) -> None:
    """A fiftieth of the salon, connected to the test processor; nobody is a member yet."""
    with time_machine.travel(AFTERNOON, tick=True):
        seeding.seed(scale=0.02, say=lambda line: None)
        cards.connect()
        yield


def test_without_the_test_processor_there_are_plans_and_no_members(demo_on):
    with time_machine.travel(AFTERNOON, tick=True):
        seeding.seed(scale=0.02, say=lambda line: None)
        assert "no members" in members.join()
    assert Plan.objects.count() == 5
    assert not Membership.objects.exists()


@pytest.fixture
def charged_at_once(monkeypatch, django_capture_on_commit_callbacks) -> None:
    """Cards are asked after the commit, while it still is that day."""
    never_came = missed._never_came

    def committing(*args) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            never_came(*args)

    monkeypatch.setattr(missed, "_never_came", committing)


def test_members_have_months_behind_them_and_fees_for_what_they_missed(small, charged_at_once):
    assert members.join().strip() == "7 members, 18 periods paid"
    assert missed.miss().strip() == "3 visits missed, with a fee"
    assert_well()
    fees = Fee.objects.values_list("client__first_name", "status")
    assert dict(fees) == {"Rosa": "paid", "Nadia": "owed", "Ada": "waived"}
    found = {str(row.client): row for row in Membership.objects.select_related("client")}
    assert {name: row.status for name, row in found.items()} == {
        "Ada Lindqvist": Status.ACTIVE,
        "Rosa Delgado": Status.ACTIVE,
        "Leo Brandt": Status.ACTIVE,
        "Marta Weiss": Status.PAUSED,
        "Nadia Farouk": Status.PAST_DUE,
        "June Carver": Status.ACTIVE,
        "Helen Voss": Status.ACTIVE,
    }
    assert found["Leo Brandt"].next_charge_on == TODAY + dt.timedelta(1)
    assert found["June Carver"].ends_on == TODAY + dt.timedelta(17)
    ada = found["Ada Lindqvist"]
    assert ada.next_charge_on == TODAY + dt.timedelta(12)
    assert balance_of(ada.client, TODAY).available == money(4 * 12_000 - 4 * 8500)
    assert clock.now() >= AFTERNOON
    assert not ProcrastinateJob.objects.filter(args__to="helen@example.com").exists()


def test_clara_enrols_a_month_passes_and_her_balance_pays_a_visit(small):
    desk = at_midtown()
    clara, ben = the("Clara"), the("Ben")
    before = balance_of(clara, TODAY).available
    enrolled(clara, desk, by_card=True)
    enrolled(ben, desk, by_card=False)
    assert balance_of(clara, TODAY).available == before + money(12_000)

    said = later(31)
    assert "Sun, Dec 20, 2026  memberships: 1 charged, 1 failed" in said
    assert "every check of verify_ledger holds" in said
    desk = at_midtown()
    today = TODAY + dt.timedelta(31)
    assert desk.business_date == today
    order = open_order(desk=desk, client=clara, uuid=uuid.uuid4())
    updo = Service.objects.get(name="Updo")
    add_service(order=order, service=updo, staff=None, desk=desk)
    available = balance_of(clara, today).available
    pay(order, "credits", money(11_000), desk)
    close_order(order=order, desk=desk)
    assert balance_of(clara, today).available == available - money(11_000)

    assert Membership.objects.get(client=ben).status == Status.PAST_DUE
    assert "1 failed" in later(6)
    assert Membership.objects.get(client=ben).status == Status.UNPAID
    owed = Period.objects.get(membership__client=ben, number=1)
    assert (owed.status, owed.tries, owed.next_try_on) == (Period.Status.UNPAID, 3, None)
    assert_well()


def at_midtown() -> Desk:
    """Jo, now."""
    return Desk(
        staff=StaffMember.objects.get(username="jo"), location=Location.objects.get(slug="midtown")
    )


def the(first_name: str) -> Client:
    return Client.objects.get(first_name=first_name)


def enrolled(client: Client, desk: Desk, *, by_card: bool) -> Order:
    """Gold, on a sale of its own, paid by their card on file or at the terminal."""
    card = CardOnFile.objects.standing().filter(client=client)[0]
    order = open_order(desk=desk, client=client, uuid=uuid.uuid4())
    enrol(
        order=order,
        plan=Plan.objects.get(name="Gold"),
        client=client,
        card=card,
        consented=True,
        desk=desk,
        uuid=uuid.uuid4(),
    )
    rest = Totals.of(order).remaining
    if by_card:
        way, key = Attempt.Way.ON_FILE, uuid.uuid4()
        charge = begin_charge(order=order, amount=rest, way=way, desk=desk, uuid=key, card=card)
        attempts.send(charge.attempt)
    else:
        pay(order, "card", rest, desk)
    return close_order(order=order, desk=desk)


def later(days: int) -> str:
    said = StringIO()
    call_command(Later(stdout=said), "--days", str(days))
    return said.getvalue()
