"""Every report says what the trial balance says: of a generated salon, as of days drawn by lot."""

import datetime as dt
import random
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from benchmarks import generated_salon
from ledger import snapshots
from ledger.models import Posting, Seal
from ledger.sealing import seal_day
from ledger.trial_balance import trial_balance
from ledger.verifying import verify
from salon.desk import Desk
from salon.models import Location, StaffMember
from salon.reporting import registry
from tests.harness import databases
from tests.harness.databases import Database
from tests.ledger.exporting.judges import JUDGES, assert_agrees

POSTINGS = 20_000
UNTIL = dt.date(2026, 11, 20)
_dice = random.Random(20)
DAYS = sorted(
    UNTIL - dt.timedelta(_dice.randrange(365 * generated_salon.YEARS - 60)) for _ in range(3)
)


@pytest.fixture(scope="module")
def generated(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, template_database: Database
) -> Iterator[Database]:
    """Three years of three locations; one of them sealed for half of it, and sums of half of it."""
    with databases.clone(template_database) as salon:
        salon.server.sql(generated_salon.statements(POSTINGS, UNTIL), salon.name)
        with django_db_blocker.unblock(), databases.connected_to(salon.web_url):
            snapshots.advance()
            yield salon


def findings() -> list[str]:
    return [sentence for result in verify() for sentence in result.named]


def test_it_has_about_as_many_postings_as_asked_and_something_of_everything(generated):
    assert Posting.objects.count() == pytest.approx(POSTINGS, rel=0.1)
    kinds = {row.kind.value for row in trial_balance(by="kind").rows}
    assert kinds >= {"client_credit", "gift_card", "cash", "card", "income", "tax", "breakage"}
    # Every sale is closed.
    assert "open_orders" not in kinds


def test_the_generated_books_are_well(generated):
    assert findings() == []


def test_they_are_well_when_days_are_sealed(generated):
    jo = StaffMember.objects.order_by("pk").first()
    place = Location.objects.order_by("pk").first()
    first = Posting.objects.order_by("business_date").first()
    sealed = seal_day(
        location=place,
        on=first.business_date + dt.timedelta(60),
        desk=Desk(staff=jo, location=place),
    )
    assert len(sealed) == Seal.objects.count() > 20
    assert findings() == []


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_report_ties_to_the_trial_balance(generated, on):
    ties = {
        f"{report.key}: {tie.what}": (tie.report, tie.books)
        for report in registry.reports()
        if report.ties
        for tie in report.ties(on)
    }
    assert ties
    assert {what: sides for what, sides in ties.items() if sides[0] != sides[1]} == {}


def test_with_a_location_chosen_every_report_ties_to_the_books_of_just_that(generated):
    found = [
        (place.name, report.key, tie)
        for place in Location.objects.all()
        for report in registry.reports()
        if report.ties and report.ties_by_place
        for tie in report.ties(DAYS[1], place=place)
    ]
    assert len({name for name, _, tie in found if tie.books}) > 1
    assert [each for each in found if not each[2].is_well] == []


@pytest.mark.parametrize("program", JUDGES)
def test_three_outside_programs_agree_with_the_export(generated, program):
    assert_agrees(program, end=DAYS[0])


def test_the_command_says_so(generated, capsys):
    call_command("tie_reports", seed=7)
    assert capsys.readouterr().out.endswith("Every report ties to the trial balance.\n")
