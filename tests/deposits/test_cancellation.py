"""Until when canceling is free, what it costs afterwards, and what was agreed to."""

import datetime as dt
import zoneinfo

import pytest
import time_machine
from django.db import InternalError, connection, transaction
from django.db.utils import ProgrammingError

from appointments.models import VisitMove
from deposits.models import PolicyAcceptance
from deposits.rules.cancellation import accept, accepted_for, terms_for, terms_of
from deposits.rules.cancellation_words import until
from salon import clock
from tests.deposits.own import NOW, STARTS
from tests.deposits.rules import set_booking
from tests.factories import dollars, make_appointment, make_client, make_location, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands")]
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


@pytest.fixture
def visit():
    cut = make_service("Cut & finish", 85)
    return make_appointment(make_client("Clara Nuñez"), service=cut, starts_at=STARTS)


def terms(value=85, starts_at=STARTS, **location):
    place = make_location(**location)
    return terms_for(value=dollars(value), starts_at=starts_at, location=place)


def first_line(found):
    return found.text.splitlines()[0]


def agree(visit, at=NOW, **given):
    given = {"address": "203.0.113.7", "device": "Firefox on a phone"} | given
    return accept(visit=visit, request=None, terms=terms_of(visit), at=at, **given)


# --- The deadline -----------------------------------------------------------------------------


def test_the_deadline_is_so_many_hours_before_the_start():
    assert terms().deadline_at == STARTS - dt.timedelta(hours=24)
    set_booking(deadline_hours=0)
    assert terms().deadline_at == STARTS


def test_hours_are_counted_in_real_time_over_the_hour_that_is_repeated():
    """Sun, Nov 1, 2026 has 25 hours: 24 hours before Sunday noon it is 1 pm on Saturday."""
    with time_machine.travel(dt.datetime(2026, 10, 20, 12, tzinfo=dt.UTC), tick=False):
        found = terms(starts_at=dt.datetime(2026, 11, 1, 12, tzinfo=NEW_YORK))
    assert found.deadline_at == dt.datetime(2026, 10, 31, 13, tzinfo=NEW_YORK)
    assert first_line(found).startswith("Free of charge until Sat, Oct 31, 1:00 pm.")


def test_hours_are_counted_in_real_time_over_the_hour_that_is_skipped():
    """Sun, Mar 14, 2027 has 23 hours: 24 hours before Sunday noon it is 11 am on Saturday."""
    found = terms(starts_at=dt.datetime(2027, 3, 14, 12, tzinfo=NEW_YORK))
    assert found.deadline_at.astimezone(NEW_YORK).hour == 11
    assert "Sat, Mar 13, 2027, 11:00 am." in first_line(found)


@pytest.mark.parametrize(
    ("utc_hour", "told"),
    [(4, "Sun, Nov 1, 12:30 am"), (5, "Sun, Nov 1, 1:30 am EDT"), (6, "Sun, Nov 1, 1:30 am EST")],
)
def test_in_the_repeated_hour_the_zone_tells_the_two_apart(utc_hour, told):
    at = dt.datetime(2026, 11, 1, utc_hour, 30, tzinfo=dt.UTC)
    assert until(at, now=NOW, zone=NEW_YORK) == told


def test_the_deadline_is_told_in_the_location_s_own_time():
    found = terms(name="Marylebone", time_zone="Europe/London")
    assert first_line(found).startswith("Free of charge until Mon, Nov 23, 8:15 pm.")


# --- The fees ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "value", "late", "missed"),
    [
        ({}, 85, 0, 0),
        ({"late_fee_kind": "percent", "late_fee_percent": 50}, 85, "42.50", 0),
        ({"late_fee_kind": "percent", "late_fee_percent": 33}, "85.05", "28.07", 0),
        ({"no_show_fee_kind": "percent", "no_show_fee_percent": 100}, 85, 0, 85),
        ({"late_fee_kind": "amount", "late_fee_amount": dollars(30)}, 85, 30, 0),
        ({"late_fee_kind": "amount", "late_fee_amount": dollars(30)}, 20, 20, 0),
        ({"no_show_fee_kind": "amount", "no_show_fee_amount": dollars(500)}, 85, 0, 85),
    ],
)
def test_a_fee_is_a_percentage_or_an_amount_and_never_above_the_value(
    settings, value, late, missed
):
    set_booking(**settings)
    found = terms(value)
    assert (found.late_fee, found.no_show_fee) == (dollars(late), dollars(missed))


HALF = {"late_fee_kind": "percent", "late_fee_percent": 50}
ALL = {"no_show_fee_kind": "percent", "no_show_fee_percent": 100}
UNTIL = "Free of charge until Mon, Nov 23, 3:15 pm. "
AWAY = "This visit is less than 24 hours away: canceling it is not free of charge any more. "
LOST = "Then a deposit is not given back; it counts towards the fee."
FIRST = "The fee is taken from the deposit first; the rest is kept as your account credit."


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, f"{UNTIL}After that there is no fee. Then a deposit is not given back."),
        (
            {"late_fate": "kept"},
            f"{UNTIL}After that there is no fee. A deposit is kept as your account credit.",
        ),
        (HALF | ALL, f"{UNTIL}After that $42.50, or $85.00 if you do not come. {LOST}"),
        (
            HALF | ALL | {"late_fate": "kept"},
            f"{UNTIL}After that $42.50, or $85.00 if you do not come. {FIRST}",
        ),
        (HALF, f"{UNTIL}After that $42.50, and nothing if you do not come. {LOST}"),
        (ALL, f"{UNTIL}After that nothing to cancel, but $85.00 if you do not come. {LOST}"),
        (
            ALL | {"late_fee_kind": "amount", "late_fee_amount": dollars(100)},
            f"{UNTIL}After that $85.00, also if you do not come. {LOST}",
        ),
    ],
)
def test_the_figures_are_told_in_a_sentence(settings, told):
    set_booking(**settings)
    assert first_line(terms()) == told


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            HALF | ALL,
            f"{AWAY}It costs $42.50, or $85.00 if you do not come. "
            "A deposit is not given back; it counts towards the fee.",
        ),
        (
            {"late_fate": "kept"},
            f"{AWAY}There is no fee. A deposit is kept as your account credit.",
        ),
    ],
)
def test_who_books_after_the_deadline_is_told_that_nothing_is_free(settings, told):
    set_booking(**settings)
    assert first_line(terms(starts_at=NOW + dt.timedelta(hours=5))) == told


def test_the_owner_s_own_words_follow_and_the_link_stands_beside():
    set_booking(terms="Be kind.", terms_url="https://example.com/policy")
    found = terms()
    assert found.text.splitlines()[1:] == ["", "Be kind."]
    assert found.url == "https://example.com/policy"
    set_booking(terms="")
    assert terms().text == first_line(terms())


# --- What was agreed to -----------------------------------------------------------------------


def test_what_was_accepted_is_kept_with_when_and_from_where(visit):
    set_booking(**HALF, terms_url="https://example.com/policy")
    row = agree(visit, card_terms="Keep my card for fees.")
    row.refresh_from_db()
    assert (row.at, row.address, row.device) == (NOW, "203.0.113.7", "Firefox on a phone")
    assert row.terms.startswith("Free of charge until Mon, Nov 23, 3:15 pm. After that $42.50")
    assert (row.deadline_at, row.late_fee) == (STARTS - dt.timedelta(hours=24), dollars("42.50"))
    assert (row.no_show_fee, row.card_terms) == (dollars(0), "Keep my card for fees.")
    assert row.terms_url == "https://example.com/policy"


def test_a_device_s_words_are_cut_and_an_unknown_address_is_none(visit):
    row = agree(visit, address="", device="x" * 500 + "\x00")
    assert (row.address, len(row.device)) == (None, 300)


def test_what_was_accepted_counts_however_the_settings_change(visit):
    set_booking(**HALF)
    agree(visit)
    set_booking(deadline_hours=72, late_fee_percent=100, terms="Other words.")
    found = terms_of(visit)
    assert (found.late_fee, found.deadline_at) == (dollars("42.50"), STARTS - dt.timedelta(days=1))
    assert "Other words." not in found.text


def test_without_an_acceptance_the_policy_in_force_counts(visit):
    set_booking(**ALL)
    assert terms_of(visit).no_show_fee == dollars(85)
    assert accepted_for(visit) is None


def move(visit, to, at):
    VisitMove.objects.create(
        appointment=visit, at=at, from_starts_at=visit.starts_at, to_starts_at=to
    )
    visit.starts_at = to
    visit.save()


def test_a_moved_visit_has_the_policy_in_force_until_somebody_accepts_it_anew(visit):
    set_booking(**HALF)
    agree(visit)
    set_booking(late_fee_percent=100)
    later = STARTS + dt.timedelta(days=7)
    move(visit, later, NOW + dt.timedelta(hours=1))
    found = terms_of(visit)
    assert (found.late_fee, found.deadline_at) == (dollars(85), later - dt.timedelta(days=1))
    again = agree(visit, at=NOW + dt.timedelta(hours=1))
    assert accepted_for(visit) == again


def test_moved_back_to_where_it_was_what_was_accepted_counts_again(visit):
    row = agree(visit)
    move(visit, STARTS + dt.timedelta(days=7), NOW + dt.timedelta(hours=1))
    move(visit, STARTS, NOW + dt.timedelta(hours=2))
    assert accepted_for(visit) == row


@pytest.mark.parametrize("act", ["change", "delete", "truncate"])
def test_the_web_cannot_change_what_was_accepted(act, visit):
    row = agree(visit)
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        if act == "change":
            PolicyAcceptance.objects.filter(pk=row.pk).update(terms="Something else.")
        elif act == "delete":
            row.delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute("truncate deposits_policyacceptance")
    assert PolicyAcceptance.objects.get().terms == row.terms


def test_terms_take_one_query_and_those_of_a_visit_four(visit, django_assert_num_queries):
    place = visit.location
    with django_assert_num_queries(1):
        terms_for(value=dollars(85), starts_at=STARTS, location=place)
    with django_assert_num_queries(4):
        terms_of(visit)
    agree(visit)
    with django_assert_num_queries(2):
        terms_of(visit)
    assert clock.now() == NOW


def test_what_was_agreed_to_is_never_more_than_the_services_cost_now(visit):
    """A service was taken off since: nobody may charge more than what is left costs."""
    set_booking(late_fee_kind="amount", late_fee_amount=dollars(60))
    agree(visit)
    assert terms_of(visit).late_fee == dollars(60)
    visit.services.update(service=make_service("Fringe", 20))
    assert terms_of(visit).late_fee == dollars(20)
