"""The demo salon, a fiftieth of its size."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.test import override_settings

from appointments.models import Appointment
from checkout.models import Order, Tender, TillSession
from clients.duplicates import with_same_contacts
from clients.models import Client
from demo import book, logins
from demo.management.commands.demo import Command
from demo.places import PASSWORD
from demo.stories import Stories
from deposits.models import Decision, Fate
from ledger.balances import balance_of
from ledger.models import Entry, Lot, Posting
from salon import clock
from salon.models import Location, Product, Service, StaffMember
from salon.money import money
from tests.harness import databases
from tests.ledger.books import assert_well
from tests.ledger.exporting.judges import JUDGES, assert_agrees

pytestmark = pytest.mark.first
AFTERNOON = dt.datetime(2026, 11, 20, 20, 30, tzinfo=dt.UTC)
"""Friday 3:30 pm in New York."""


def open_demo(*arguments: str) -> str:
    said = StringIO()
    call_command(Command(stdout=said), "--scale", "0.02", *arguments)
    return said.getvalue()


@pytest.fixture
def demo(demo_on) -> None:
    with time_machine.travel(AFTERNOON, tick=True):
        yield


@pytest.fixture(scope="module")
def opened_once(template_database, django_db_setup, django_db_blocker, tmp_path_factory):
    """A clone in which the demo was opened, and what was said; for all tests of the module."""
    with databases.clone(template_database) as copy:
        with (
            django_db_blocker.unblock(),
            databases.connected_to(copy.web_url),
            override_settings(DEMO=True, DEMO_CLOCK=tmp_path_factory.mktemp("demo") / "clock"),
            time_machine.travel(AFTERNOON, tick=True),
        ):
            said = open_demo()
        yield copy, said


@pytest.fixture
def opened(opened_once, demo, django_db_blocker) -> str:
    """The open demo; what the test writes is rolled back."""
    copy, said = opened_once
    with (
        django_db_blocker.unblock(),
        databases.connected_to(copy.web_url),
        transaction.atomic(),
    ):
        yield said
        transaction.set_rollback(True)


def test_it_is_refused_where_demo_is_off(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Nothing was written"):
        open_demo()
    assert not Location.objects.exists()


def test_the_salon_is_complete_and_its_books_are_well(opened):
    assert "The books are well" in opened
    assert_well()
    assert (Location.objects.count(), StaffMember.objects.count()) == (2, 8)
    assert (Service.objects.count(), Product.objects.count()) == (30, 40)
    for visit in Appointment.objects.select_related("location"):
        local = visit.starts_at.astimezone(visit.location.zone)
        assert book.OPENS <= local.hour * 60 + local.minute < book.CLOSES


def test_today_is_ready_to_be_worked_in(opened):
    today = clock.business_date(Location.objects.get(slug="midtown"))
    clara = Client.objects.get(first_name="Clara")
    assert balance_of(clara, today).available == money(11_500)
    assert balance_of(clara, today).held == money(3_000)
    visit = clara.appointments.get(starts_at__date=today)
    assert visit.is_open
    assert [str(part.service.price) for part in visit.services.all()] == ["$85.00", "$43.00"]
    assert {part.staff.name for part in visit.services.all()} == {"Maya"}
    holding = Order.objects.holding_money()
    assert {order.location.slug for order in holding} == {"midtown", "riverside"}
    assert {order.business_date for order in holding} == {today}


def test_ines_was_entered_twice_and_her_pages_offer_to_merge(opened):
    ines, double = Client.objects.filter(phone="+12125550161").order_by("id")
    assert (ines.name, double.name) == ("Ines Duarte", "Inês Duarte Lima")
    today = clock.business_date(Location.objects.get(slug="midtown"))
    assert balance_of(double, today).available == money(5_000)
    assert list(with_same_contacts(ines)) == [double]


def test_todays_till_is_open_and_yesterdays_was_two_dollars_short(opened):
    midtown = Location.objects.get(slug="midtown")
    today = clock.business_date(midtown)
    now, yesterday = TillSession.objects.filter(till__location=midtown)[:2]
    assert (now.is_open, now.business_date, now.float) == (True, today, money(10_000))
    assert (yesterday.business_date, yesterday.over) == (today - dt.timedelta(1), money(-200))


@pytest.mark.parametrize("hour", [5, 10, 13])
def test_it_opens_at_any_hour_and_nothing_happens_after_now(db, demo_on, hour):
    moment = dt.datetime(2027, 3, 14, hour, 5, tzinfo=dt.UTC)  # The day clocks go forward.
    with time_machine.travel(moment, tick=True):
        open_demo()
        assert Order.objects.holding_money().count() == 2
        assert not Entry.objects.filter(occurred_at__gt=clock.now()).exists()
        assert not Appointment.objects.filter(
            starts_at__gt=clock.now(), status=Appointment.Status.DONE
        ).exists()


def test_deposits_ended_in_every_way_credit_expired_and_clients_owe(opened):
    assert set(Fate.objects.values_list("kind", flat=True)) >= {"forfeited", "kept", "refunded"}
    assert Decision.objects.alias(ends=Count("fates")).filter(ends=2).exists()
    assert Tender.objects.filter(reference="Deposit", order__status="closed").exists()
    ends = Entry.objects.filter(postings__account__kind="breakage").values_list("kind", flat=True)
    assert set(ends) == {"expiry"}
    today = clock.business_date(Location.objects.get(slug="midtown"))
    soon = today + dt.timedelta(days=30)
    assert Lot.objects.filter(remaining__gt=0, expires_on__range=(today, soon)).exists()
    owed = Posting.objects.filter(account__kind="receivable")
    assert owed.filter(amount__gt=0).count() > owed.filter(amount__lt=0).count() > 0


def test_a_second_time_changes_nothing(opened):
    before = Entry.objects.count(), Appointment.objects.count()
    assert "stays as it is" in open_demo()
    assert (Entry.objects.count(), Appointment.objects.count()) == before


def test_the_same_moment_gives_the_same_salon(db, demo_on):
    def figures() -> list[tuple]:
        before = transaction.savepoint()
        open_demo()
        kept = list(Entry.objects.order_by("id").values_list("kind", "occurred_at", "note"))
        kept += list(Client.objects.order_by("id").values_list("first_name", "email", "phone"))
        kept += list(Posting.objects.order_by("entry", "line").values_list("amount", "version"))
        transaction.savepoint_rollback(before)
        return kept

    with time_machine.travel(AFTERNOON, tick=False):
        assert figures() == figures()


def test_what_stops_half_way_leaves_nothing(db, demo, monkeypatch):
    def breaks(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Stories, "clara_brings_it_back", breaks)
    with pytest.raises(KeyboardInterrupt):
        open_demo()
    assert not Location.objects.exists()
    assert not Entry.objects.exists()


def test_one_login_for_each_role_is_printed_until_the_passwords_are_changed(opened):
    heading, *lines = logins.lines()
    assert PASSWORD in heading
    assert [line.split()[0] for line in lines] == ["jo", "marcus", "olivia"]
    StaffMember.objects.update(password=make_password("something of their own"))
    assert logins.lines() == []


@pytest.mark.parametrize("program", JUDGES)
def test_other_programs_agree_with_its_journal(opened, program):
    middle = Entry.objects.order_by("business_date").values_list("business_date", flat=True)[100]
    assert_agrees(program)
    assert_agrees(program, start=middle)
    assert_agrees(program, end=middle, together=True)
