"""Upgrades keep every row: dumps of earlier versions, with their demo's data, are migrated here.

A dump is made once, when a version is out, from its own code: migrate, `demo --scale 0.02`, then
`pg_dump --no-comments`. It is never changed afterwards. `_books` was made beside the test
processor, after an import was taken in and the day sums were made.
"""

import datetime as dt
import gzip
import os
import uuid
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from appointments.models import WorkingHours
from checkout.models import LineItem, LineTax, Order
from checkout.tip_payouts.owed import standings
from checkout.tip_payouts.paying import pay_tips
from deposits.models import BookingSettings
from ledger import accounts
from ledger.legs import Move
from ledger.models import Account, Entry, Lot, Seal
from ledger.posting import post
from ledger.sealing import seal_day, sealed_through
from ledger.snapshots import advance, kept, prove
from ledger.trial_balance import trial_balance
from ledger.verifying import verify
from salon.desk import Desk
from salon.models import Location, Role, StaffMember
from salon.permissions import DEFAULT_ROLES
from tests.harness import databases
from tests.harness.databases import Database
from tests.ledger.books import assert_well
from tools import postgres

pytestmark = pytest.mark.first
OPENED_ONLINE_BOOKING = {"2026_11_deposits", "2026_11_books"}
HAS_SEALS = {"2026_11_books"}
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
SEALS = """
select id, location_id, business_date, previous_id, entries, postings, debit, digest
from ledger_seal order by id
"""
MEMBERS = """
select m.id, m.client_id, p.number, p.starts_on, p.until_on, p.status
from memberships_membership m join memberships_period p on p.membership_id = m.id
order by m.id, p.number
"""
KNOWN_LATER = {"ledger_seal": SEALS, "memberships_period": MEMBERS}
"""What dumps hold from some version on, by the table that tells."""
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


TABLES = """
select relname from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'r'
    and relname !~ '^(auth|django|procrastinate)_'
order by relname
"""


def figures(database: Database) -> dict[str, list[tuple]]:
    """All that no upgrade may move."""
    with psycopg.connect(database.superuser_url) as looking:
        there = {table for (table,) in looking.execute(TABLES)}
        queries = {"balances": BALANCES, "lots": LOTS, "sales": SALES}
        queries |= {table: query for table, query in KNOWN_LATER.items() if table in there}
        counts = [looking.execute(f"select count(*) from {table}").fetchone() for table in COUNTED]
        found = {name: looking.execute(query).fetchall() for name, query in queries.items()}
        return found | {"counts": counts}


def rows_by_table(database: Database) -> dict[str, int]:
    """How many rows each of our own tables has."""
    with psycopg.connect(database.superuser_url) as looking:
        tables = [table for (table,) in looking.execute(TABLES)]
        counts = [f"(select count(*) from {table})" for table in tables]
        found = looking.execute(f"select {', '.join(counts)}").fetchone()
        assert found is not None
        return dict(zip(tables, found, strict=True))


@pytest.fixture(scope="module", params=DUMPS, ids=lambda path: path.name.split(".")[0])
def upgraded(request, template_database):
    """The dump, loaded and migrated; Django is connected to it as the web.

    With what it held, and how many rows each of its tables had.
    """
    server = template_database.server
    database = Database(server, f"test_{os.getpid()}_upgrade")
    server.sql(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")
    postgres.prepare(server, database.name)
    try:
        server.sql(gzip.decompress(request.param.read_bytes()).decode(), database.name)
        before, rows = figures(database), rows_by_table(database)
        databases.migrate(database)
        with databases.connected_to(database.web_url):
            yield database, before, rows
    finally:
        server.sql(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def reaching_the_database(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_every_balance_lot_sale_and_row_is_what_it_was(upgraded):
    database, before, _ = upgraded
    assert before["counts"][0][0] > 50
    after = figures(database)
    assert {name: after[name] for name in before} == before


def test_no_table_lost_a_row(upgraded):
    database, _, rows = upgraded
    after = rows_by_table(database)
    assert {table: count for table, count in rows.items() if after.get(table, 0) < count} == {}


def test_the_books_are_well(upgraded):
    assert_well()
    assert trial_balance(by="kind").is_balanced


def test_reports_tie_to_the_books(upgraded):
    call_command("tie_reports", on=last_entry().business_date)


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


def test_day_sums_are_what_the_postings_make(upgraded):
    advance()
    assert kept()
    assert list(prove()) == []


def test_the_chain_of_seals_goes_on_from_where_it_was(upgraded, request):
    """The days before are sealed behind those that were; what is late then counts for the next."""
    place, last = Location.objects.earliest("id"), last_entry()
    was_through = sealed_through(place)
    assert (was_through is not None) == (request.node.callspec.id in HAS_SEALS)
    was_last = Seal.objects.filter(location=place).order_by("business_date").last()
    olivia = Desk(StaffMember.objects.get(username="olivia"), place, at=last.occurred_at)
    on = last.business_date - dt.timedelta(days=1)

    first = seal_day(location=place, on=on, desk=olivia)[0]
    assert first.previous == was_last
    posted = post(
        key="test:late",
        kind="adjustment",
        legs=[Move(accounts.OPENING, 700), Move(accounts.GOODWILL, -700)],
        desk=Desk(None, place, at=last.occurred_at - dt.timedelta(days=9)),
    )

    entry = Entry.objects.get(pk=posted.entry_id)
    assert entry.business_date == on + dt.timedelta(days=1)
    assert [sentence for check in verify(thorough=True) for sentence in check.named] == []


def test_tips_of_before_are_paid_out_in_one_go(upgraded):
    """They count as owed: what was handed out is noted once, for all, and no till changes."""
    people = [each for each in standings() if each.owed]
    last = last_entry()
    olivia = Desk(StaffMember.objects.get(username="olivia"), last.location, at=last.occurred_at)
    if people:
        pay_tips(
            amounts={each.person: each.owed for each in people},
            how="payroll",
            reference="Handed out before",
            desk=olivia,
            uuid=uuid.uuid4(),
        )
    assert not [each for each in standings() if each.owed]
    assert [sentence for check in verify() for sentence in check.named] == []


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
    if request.node.callspec.id in OPENED_ONLINE_BOOKING:
        pytest.skip("the owner of this one had switched it on")
    assert not BookingSettings.current().online_booking
    hours = set(WorkingHours.objects.filter(staff=None).values_list("location", "weekday"))
    open_places = Location.objects.active().values_list("pk", flat=True)
    assert hours == {(place, weekday) for place in open_places for weekday in range(6)}


def last_entry() -> Entry:
    """The last before the upgrade: these days may be long ago, or, by this machine, ahead."""
    return Entry.objects.exclude(key__startswith="test:").latest("business_date", "id")
