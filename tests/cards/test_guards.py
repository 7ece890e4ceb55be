"""What the database refuses of card rows, whoever asks, in raw SQL as the web's login."""

import uuid

import psycopg
import pytest
from django.db import connection

from cards.models import Attempt, CardRefund, Transfer
from tests.cards.paying import make_attempt, make_on_file, make_paid, make_refund, make_transfer
from tests.factories import make_merchant_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]


@pytest.fixture
def rows(processor):
    """One row of each kind, and the SQL name of its table."""
    paid = make_paid(processor)
    theo = make_merchant_account(processor_account="acct_theo")
    return {
        "attempt": make_attempt(),
        "paid": paid,
        "refund": make_refund(paid),
        "transfer": make_transfer(theo),
        "card": paid.card,
    }


ATTACKS = [
    ("attempt", "amount = 0", "cards_attempt_above_zero"),
    ("attempt", "amount = -1", "cards_attempt_above_zero"),
    ("attempt", "status = 'succeeded'", "cards_attempt_ends_once"),
    ("attempt", "status = 'canceled'", "cards_attempt_ends_once"),
    ("attempt", "status = 'lottery'", "cards_attempt_ends_once"),
    ("attempt", "ended_at = now()", "cards_attempt_ends_once"),
    ("paid", "status = 'waiting'", "cards_attempt_ends_once"),
    ("paid", "ended_at = null", "cards_attempt_ends_once"),
    ("attempt", "expires_at = started_at - interval '1 second'", "cards_attempt_expiry_ahead"),
    ("refund", "amount = 0", "cards_refund_above_zero"),
    ("refund", "amount = -5", "cards_refund_above_zero"),
    ("transfer", "amount = 0", "cards_transfer_above_zero"),
    ("transfer", "status = 'done'", "cards_transfer_posted"),
    ("card", "exp_month = 13", "cards_month_of_expiry"),
]


@pytest.mark.parametrize(("whose", "change", "guard"), ATTACKS)
def test_a_row_that_contradicts_itself_is_refused(rows, whose, change, guard):
    row = rows[whose]
    query = f"update {row._meta.db_table} set {change} where id = {row.pk}"
    with pytest.raises(psycopg.errors.CheckViolation, match=guard):
        connection.connection.execute(query)


def test_one_entry_belongs_to_one_row(rows, processor):
    other = make_paid(processor)
    query = "update cards_attempt set fee_entry_id = %s where id = %s"
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.connection.execute(query, [other.fee_entry_id, rows["paid"].pk])


@pytest.mark.parametrize("whose", ["paid", "refund", "transfer"])
def test_one_uuid_is_one_row(rows, processor, whose):
    """Idempotency keys come of it."""
    row = rows[whose]
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields if field.column != "id"]
    names = ", ".join(f'"{column}"' for column in columns)
    query = f"insert into {table} ({names}) select {names} from {table} where id = {row.pk}"
    with pytest.raises(psycopg.errors.UniqueViolation, match="uuid"):
        connection.connection.execute(query)


def test_what_money_points_at_is_protected():
    for kind in (Attempt, CardRefund, Transfer):
        for field in kind._meta.concrete_fields:
            if field.related_model is not None:
                assert field.remote_field.on_delete.__name__ == "PROTECT", field


def test_the_same_card_is_the_default_of_one_client_once(processor):
    first, second = (make_on_file(processor).card for _ in range(2))
    query = "update cards_cardonfile set is_default = true, client_id = %s where id in (%s, %s)"
    with pytest.raises(psycopg.errors.UniqueViolation, match="one_default"):
        connection.connection.execute(query, [first.client_id, first.pk, second.pk])


def test_an_event_is_kept_once():
    values = f"('evt_{uuid.uuid4()}', 'x', now(), now(), '{{}}', 'new', '', 0)"
    query = (
        "insert into cards_processorevent "
        "(gateway_id, type, happened_at, received_at, object, status, note, tries) "
        f"values {values}, {values}"
    )
    connection.ensure_connection()
    with pytest.raises(psycopg.errors.UniqueViolation, match="gateway_id"):
        connection.connection.execute(query)
