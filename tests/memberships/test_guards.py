"""What the database refuses of memberships, whoever asks: raw SQL with the web's password."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from memberships.models import Enrolment, Event, Membership, Period
from tests.factories import make_client
from tests.ledger.books import assert_well
from tests.memberships.members import enrolled, make_member, make_plan

pytestmark = pytest.mark.django_db

APPEND_ONLY, FORBIDDEN, CHECK, UNIQUE = "SL010", "42501", "23514", "23505"

ATTACKS = [
    ("update memberships_event set text = 'Nothing happened'", FORBIDDEN),
    ("delete from memberships_event", FORBIDDEN),
    ("truncate memberships_event", FORBIDDEN),
    ("alter table memberships_event disable trigger all", FORBIDDEN),
    ("drop trigger memberships_event_append_only on memberships_event", FORBIDDEN),
    ("update memberships_enrolment set consent = 'All that I have'", APPEND_ONLY),
    ("update memberships_enrolment set consented_at = now() - interval '1 day'", APPEND_ONLY),
    ("update memberships_enrolment set address = '10.0.0.1'", APPEND_ONLY),
    ("update memberships_enrolment set device = 'Another one'", APPEND_ONLY),
    ("update memberships_enrolment set price = 500", APPEND_ONLY),
    ("update memberships_enrolment set first_price = 1", APPEND_ONLY),
    ("update memberships_enrolment set adds = 0", APPEND_ONLY),
    ("update memberships_enrolment set joining_fee = 9", APPEND_ONLY),
    ("update memberships_enrolment set minimum_periods = 12", APPEND_ONLY),
    ("update memberships_enrolment set stays = false", APPEND_ONLY),
    ("delete from memberships_enrolment where status = 'started'", APPEND_ONLY),
    ("truncate memberships_enrolment cascade", FORBIDDEN),
    ("delete from memberships_period", FORBIDDEN),
    ("truncate memberships_period", FORBIDDEN),
    ("delete from memberships_membership", FORBIDDEN),
    ("truncate memberships_membership cascade", FORBIDDEN),
    ("update memberships_membership set status = 'ended'", CHECK),
    ("update memberships_membership set status = 'paused'", CHECK),
    ("update memberships_period set order_id = null", CHECK),
    ("update memberships_period set paid_at = null", CHECK),
    ("update memberships_period set price = 0", CHECK),
    ("update memberships_period set until_on = starts_on", CHECK),
    ("update memberships_plan set price = 0", CHECK),
    ("update memberships_plan set adds = -1", CHECK),
    ("update memberships_plan set every = 'week', billing_day = 3", CHECK),
    (
        "insert into memberships_membershipsettings select (s).* from "
        "(select jsonb_populate_record(t, '{\"id\": 2}') s from "
        "memberships_membershipsettings t) x",
        CHECK,
    ),
]
"""What somebody tries, and the state in which it ends."""


def test_what_was_agreed_to_and_what_happened_stay(clara, gold):
    member = make_member(clara, gold)
    before = _all()
    for statement, state in ATTACKS:
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            _try(statement)
        assert _state(refusal.value) == state, (statement, refusal.value)
    assert _all() == before
    member.refresh_from_db()
    assert_well()


def test_one_period_is_billed_once(clara, gold):
    make_member(clara, gold)
    again = """insert into memberships_period select (p).* from (
        select jsonb_populate_record(t, jsonb_build_object('id', t.id + 1000, 'uuid',
            gen_random_uuid(), 'order_id', null, 'line_id', null, 'paid_lot_id', null,
            'bonus_lot_id', null, 'status', 'skipped')) p from memberships_period t) x"""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        _try(again)
    assert _state(refusal.value) == UNIQUE
    assert "memberships_one_of_each_period" in str(refusal.value)


def test_an_enrolment_at_a_desk_may_go_with_its_line_and_only_then(desk, gold):
    line = enrolled(make_client("Ben Okafor"), gold, desk)
    Enrolment.objects.update(came_from="online")
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        _try("delete from memberships_enrolment")
    assert _state(refusal.value) == APPEND_ONLY
    Enrolment.objects.update(came_from="desk")
    line.delete()
    assert not Enrolment.objects.exists()


def test_the_web_may_do_its_own_work(clara):
    """What the verbs write is not in the way of these guards."""
    make_member(clara, make_plan(trial_days=3, joining_fee=5))
    assert Event.objects.count() == 1


def _try(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _state(error: BaseException) -> str:
    cause = error.__cause__
    assert isinstance(cause, psycopg.Error)
    return str(cause.sqlstate)


def _all() -> list[list[tuple]]:
    tables = (Membership, Period, Enrolment, Event)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]
