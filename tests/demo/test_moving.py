"""The demo's clock: one file, read by every process, and only ever further ahead."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from cards.stripe_requests import payment_page
from demo import days, moving, seeding
from demo.management.commands.later import Command as Later
from giftcards.tasks import send_card
from ledger.models import Lot
from memberships.renewing.renewing import Renewed
from salon import clock
from salon.money import money
from tests.factories import make_browser, make_client, make_credit, make_location
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 20, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def frozen(demo_on, monkeypatch):
    monkeypatch.setattr(days, "renew_due", Renewed)
    make_location()
    with time_machine.travel(NOW, tick=False):
        yield demo_on


def later(many: int) -> str:
    said = StringIO()
    call_command(Later(stdout=said), "--days", str(many))
    return said.getvalue()


def test_without_a_demo_it_is_refused_and_nothing_is_ahead(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Only the demo's clock can be moved"):
        later(1)
    assert clock.ahead() == dt.timedelta(0)


def test_real_cards_are_not_charged_for_days_that_have_not_come(frozen, settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_live_x", "whsec_x"
    settings.STRIPE_API_BASE = "https://api.stripe.com"
    with pytest.raises(CommandError, match="moves real money"):
        later(1)
    assert clock.now() == NOW


def test_days_add_up_for_everybody_at_once(frozen):
    assert "Sunday, November 22, 2026: 2 days ahead of the world" in later(2)
    assert clock.now() == NOW + 2 * DAY
    assert "Monday, November 23, 2026: 3 days ahead" in later(1)
    frozen.write_text("40")  # As another process would have.
    assert clock.now() == NOW + 40 * DAY


@pytest.mark.parametrize("many", [0, -1, 100_000])
def test_it_never_goes_backwards(frozen, many):
    with pytest.raises(CommandError, match="never goes backwards"):
        later(many)
    assert clock.now() == NOW


def test_two_at_once_are_refused(frozen):
    with moving.alone(), pytest.raises(CommandError, match="Another `later`"):
        later(1)
    assert clock.now() == NOW


def test_a_new_salon_begins_today(frozen):
    later(3)
    moving.begin_anew()
    assert clock.now() == NOW
    moving.begin_anew()


def test_a_salon_is_needed(demo_on):
    assert not seeding.is_open()
    with pytest.raises(CommandError, match="no salon in this database yet"):
        later(1)


def test_each_day_does_what_it_brings(frozen):
    today = clock.business_date(make_credit(make_client(), 30).opened_by.location)
    make_credit(make_client("Ben Okafor"), 20, expires_on=today + DAY)
    said = later(3)
    assert "Sun, Nov 22, 2026  1 lot expired" in said
    assert "every check of verify_ledger holds" in said
    assert Lot.objects.filter(is_open=True).count() == 1
    assert_well()


def test_an_e_mail_that_waits_for_its_day_is_due_on_it(frozen):
    send_card.configure(schedule_at=clock.outside(clock.now() + 5 * DAY)).defer(mailing="x")
    later(5)
    assert ProcrastinateJob.objects.get().scheduled_at == NOW


def test_the_card_processor_is_told_its_own_time(frozen):
    later(31)
    asked = payment_page(
        amount=money(500), reference="x", description="x", expires_at=clock.now() + DAY / 24
    )
    assert asked["expires_at"] == int((NOW + DAY / 24).timestamp())


def test_the_desk_sees_how_far_it_is_ahead(frozen):
    browser = make_browser()
    assert "chip-ahead" not in browser.get("/clients/").content.decode()
    later(31)
    assert "31 days ahead" in browser.get("/clients/").content.decode()
