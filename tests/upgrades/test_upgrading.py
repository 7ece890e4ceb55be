"""Upgrades keep every row: dumps of earlier versions, with their demo's data, are migrated here.

A dump is made once, when a version is out, from its own code: migrate, `demo --scale 0.02`, then
`pg_dump --no-comments`. It is never changed afterwards.
"""

import gzip
import os
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from appointments.models import WorkingHours
from checkout.models import LineItem, LineTax, Order
from deposits.models import BookingSettings
from ledger.legs import Move
from ledger.models import Account, Entry, Lot
from ledger.posting import post
from ledger.trial_balance import trial_balance
from salon.desk import Desk
from salon.models import Location, Role
from salon.permissions import DEFAULT_ROLES
from tests.harness import databases
from tests.harness.databases import Database
from tests.ledger.books import assert_well
from tools import postgres

pytestmark = pytest.mark.first
KNEW_BOOKING = "2026_11_deposits"
DUMPS = sorted(Path(__file__).parent.glob("*.sql.gz"))

BALANCES = "select name, currency, balance, version from ledger_account order by name, currency"
LOTS = """
select id, amount, remaining, expires_on, restriction, card_ceiling from ledger_lot order by id
"""
SALES = """
select o.id, o.status, o.client_id, sum(l.amount), sum(l.tax)
from checkout_order o left join checkout_lineitem l on l.order_id = o.id
group by o.id order by o.id
"""
COUNTED = [
    "ledger_entry",
    "ledger_posting",
    "clients_client",
    "appointments_appointment",
    "checkout_tender",
    "checkout_allocation",
    "checkout_refund",
    "salon_settingchange",
]


def figures(database: Database) -> dict[str, list[tuple]]:
    """All that no upgrade may move."""
    with psycopg.connect(database.superuser_url) as looking:
        counts = [looking.execute(f"select count(*) from {table}").fetchone() for table in COUNTED]
        found = {
            name: looking.execute(query).fetchall()
            for name, query in [("balances", BALANCES), ("lots", LOTS), ("sales", SALES)]
        }
        return found | {"counts": counts}


@pytest.fixture(scope="module", params=DUMPS, ids=lambda path: path.name.split(".")[0])
def upgraded(request, template_database):
    """The dump, loaded and migrated; Django is connected to it as the web. With what it held."""
    server = template_database.server
    database = Database(server, f"test_{os.getpid()}_upgrade")
    server.sql(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")
    postgres.prepare(server, database.name)
    try:
        server.sql(gzip.decompress(request.param.read_bytes()).decode(), database.name)
        before = figures(database)
        databases.migrate(database)
        with databases.connected_to(database.web_url):
            yield database, before
    finally:
        server.sql(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def reaching_the_database(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_every_balance_lot_sale_and_row_is_what_it_was(upgraded):
    database, before = upgraded
    assert before["counts"][0][0] > 50
    assert figures(database) == before


def test_the_books_are_well(upgraded):
    assert_well()
    assert trial_balance(by="kind").is_balanced


def test_taxes_became_rows_by_rate(upgraded):
    taxed = LineItem.objects.filter(tax__gt=0)
    assert taxed.exists()
    by_rate = {line.pk: Decimal(0) for line in taxed}
    for tax in LineTax.objects.filter(line__in=taxed):
        by_rate[tax.line_id] += tax.amount.amount
    assert by_rate == {line.pk: line.tax.amount for line in taxed}


def test_credit_of_before_was_sold_where_its_first_lot_was_opened(upgraded):
    def first_of(lot):
        return lot if lot.parent_id is None else first_of(lots[lot.parent_id])

    lots = {lot.pk: lot for lot in Lot.objects.select_related("opened_by")}
    assert lots
    assert [
        lot for lot in lots.values() if lot.sold_at_id != first_of(lot).opened_by.location_id
    ] == []


def test_an_act_from_before_is_still_known_by_its_key(upgraded):
    """A form that was open during the upgrade is sent again: it answers with what it did."""
    entry = Entry.objects.filter(kind="sale").latest("id")
    legs = [
        Move(posting.account.name, posting.amount)
        for posting in entry.postings.select_related("account").order_by("line")
    ]
    if any(posting.lot_id for posting in entry.postings.all()):
        pytest.skip("the last sale opened a lot")
    posted = post(key=entry.key, kind=entry.kind, legs=legs, desk=desk())
    assert (posted.entry_id, posted.is_new) == (entry.pk, False)


def test_the_till_goes_on(upgraded):
    """Money moves on accounts that were there before."""
    name = Account.objects.filter(kind="cash").values_list("name", flat=True).first()
    assert name is not None
    posted = post(
        key="test:after-the-upgrade",
        kind="adjustment",
        legs=[Move(name, 500), Move("open_orders/", -500)],
        desk=desk(),
    )
    assert posted.is_new
    connection.check_constraints()
    assert Order.objects.exists()


def test_roles_got_what_is_new(upgraded):
    for name, permissions in DEFAULT_ROLES.items():
        role = Role.objects.get(name=name)
        held = {f"salon.{codename}" for codename in
                role.permissions.values_list("codename", flat=True)}  # fmt: skip
        assert set(permissions) <= held, name


def desk() -> Desk:
    return Desk(staff=None, location=Location.objects.earliest("id"))


def test_no_stranger_books_until_somebody_says_so(upgraded, request):
    if request.node.callspec.id.startswith(KNEW_BOOKING):
        pytest.skip("the owner of this one had switched it on")
    assert not BookingSettings.current().online_booking
    hours = set(WorkingHours.objects.filter(staff=None).values_list("location", "weekday"))
    open_places = Location.objects.active().values_list("pk", flat=True)
    assert hours == {(place, weekday) for place in open_places for weekday in range(6)}
