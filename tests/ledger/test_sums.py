"""Sums by day and by what moved: equal to the postings, however old the snapshot is."""

import datetime as dt
import random

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import accounts, snapshots
from ledger.errors import NotEnoughCredit
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Open, Terms
from ledger.models import DaySum, Entry, Snapshot
from ledger.reversing import reverse
from ledger.sums import sums, total
from ledger.tasks import snapshot as nightly
from tests.factories import make_client, make_credit, make_debt, make_desk, make_location
from tests.harness.at_once import LIMIT, start, until_waiting
from tests.ledger.books import act, assert_well, nets

NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
BY = ["kind", "flow", "source", "holder_id", "sold_at_id", "location_id", "is_held", "is_paid"]
_EVERY = ["business_date", "account_id", *BY]


def plainly(by, start=None, end=None):
    """The same by a plain GROUP BY over every movement."""
    columns = ", ".join(by)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {columns}, sum(amount)::bigint, count(*) from ledger_movement "
            "where business_date between coalesce(%s::date, '-infinity') "
            "and coalesce(%s::date, 'infinity') "
            f"group by {columns}",
            [start, end],
        )
        return sorted(cursor.fetchall(), key=repr)


def summed(by, start=None, end=None):
    rows = sums(by=by, start=start, end=end)
    return sorted((tuple(row.values()) for row in rows), key=repr)


# --- At any age of the snapshot -----------------------------------------------------------------


class Story:
    """A history by dice: days, two locations, two clients; the snapshot in whatever state."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        places = [make_location(), make_location("Uptown")]
        self.days = [NOON + dt.timedelta(days=n) for n in range(6)]
        self.desks = [make_desk(location=place, at=day) for place in places for day in self.days]
        self.clients = [make_client("Clara Nuñez"), make_client("Ben Okafor")]

    def go_on(self):
        self.dice.choice([self.sell, self.sell, self.spend, self.owe, self.undo, self.age])()

    def sell(self):
        client, desk = self.dice.choice(self.clients), self.dice.choice(self.desks)
        terms = Terms(source=self.dice.choice(Source.values), is_paid=self.dice.random() < 0.5)
        cents = self.dice.randint(1, 900)
        opened = Open(accounts.credit_of(client), cents, terms, settles=accounts.owed_by(client))
        kind = self.dice.choice([EntryKind.SALE, EntryKind.REFUND, EntryKind.OPENING])
        act(desk, Move(accounts.OPEN_ORDERS, cents), opened, kind=kind)

    def spend(self):
        client, desk = self.dice.choice(self.clients), self.dice.choice(self.desks)
        cents = self.dice.randint(1, 700)
        draw = Draw(accounts.credit_of(client), cents, short=(accounts.owed_by(client), 400))
        try:
            with transaction.atomic():
                act(desk, draw, Move(accounts.OPEN_ORDERS, -cents), kind=EntryKind.TENDER)
        except NotEnoughCredit:
            pass

    def owe(self):
        make_debt(self.dice.choice(self.clients), 2, desk=self.dice.choice(self.desks))

    def undo(self):
        drawn = Entry.objects.filter(kind=EntryKind.TENDER, reversed_by=None).order_by("id").first()
        if drawn is not None and drawn.postings.filter(lot=None).count() == 1:
            reverse(entry=drawn, desk=self.dice.choice(self.desks))

    def age(self):
        self.dice.choice([snapshots.advance, snapshots.rebuild, lambda: None])()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**6), steps=st.integers(5, 40))
def test_whatever_happened_and_however_old_the_snapshot_is(db, seed, steps):
    with transaction.atomic():
        story = Story(seed)
        for _ in range(steps):
            story.go_on()
        first, last = sorted(story.dice.sample([day.date() for day in story.days], 2))
        assert summed(_EVERY) == plainly(_EVERY)
        assert summed(BY, end=last) == plainly(BY, end=last)
        assert summed(BY, first, last) == plainly(BY, first, last)
        assert {row["kind"]: row["amount"] for row in sums(end=None) if row["amount"]} == nets()
        assert not [*snapshots.prove()]
        snapshots.rebuild()
        assert summed(_EVERY) == plainly(_EVERY)
        assert_well()
        transaction.set_rollback(True)


def test_filters_parts_and_totals(db, desk, clara, ben, django_assert_num_queries):
    make_credit(clara, 40, desk=make_desk(at=NOON))
    snapshots.advance()
    make_credit(ben, 5, desk=make_desk(at=NOON + dt.timedelta(days=1)), source=Source.DEPOSIT)
    today = NOON.date()
    with django_assert_num_queries(2):
        rows = sums(end=None, by=["source"], kind=["client_credit"], holder_id=None)
    assert {row["source"]: row["amount"] for row in rows} == {"purchase": -4000, "deposit": -500}
    parted = sums(end=None, by=["kind"], parted_at=today + dt.timedelta(days=1), kind="opening")
    assert [(row["is_before"], row["amount"]) for row in parted] == [(False, 500), (True, 4000)]
    assert total(end=None, kind="client_credit") == -4500
    assert total(end=today, kind="client_credit") == -4000
    assert sums(end=today - dt.timedelta(days=1), by=[]) == []
    with pytest.raises(ValueError, match="colour"):
        sums(end=None, by=["colour"])


# --- Making it ----------------------------------------------------------------------------------


def test_the_command_sums_up_proves_and_rebuilds(db, clara, capsys):
    make_credit(clara, 40)
    call_command("snapshot_ledger", "--prove")
    assert "2 day sums are what the postings make" in capsys.readouterr().out
    call_command("snapshot_ledger")
    assert "Nothing new" in capsys.readouterr().out
    make_credit(clara, 5)
    assert nightly(0) == Entry.objects.latest("id").pk
    call_command("snapshot_ledger", "--rebuild", "--prove")
    assert "Entries 1 to" in capsys.readouterr().out


def test_a_sum_that_was_tampered_with_is_named_and_mended(module_db, capsys):
    make_credit(make_client("Clara Nuñez"), 40)
    snapshots.advance()
    with psycopg.connect(module_db.owner_url) as owner:
        owner.execute("update ledger_daysum set amount = amount - 1 where kind = 'client_credit'")
    with pytest.raises(CommandError, match="2 day sums are not what the postings make"):
        call_command("snapshot_ledger", "--prove")
    said = capsys.readouterr().out
    assert "WRONG kept, not in the postings: currency USD" in said
    assert "amount -4001" in said
    with pytest.raises(AssertionError, match="-4001 in 1 postings summed up"):
        assert_well()
    snapshots.rebuild()
    assert not [*snapshots.prove()]
    assert_well()


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_daysum set amount = 0",
        "insert into ledger_snapshot (id, through, horizon, made_at) values (2, 1, 1, now())",
        "update ledger_snapshot set through = 1000000",
        "delete from ledger_daysum",
        "truncate ledger_daysum",
        "select ledger_add_day_sums(0, 1000000)",
        "select ledger_hold_snapshot(1)",
        "create or replace view ledger_movement as select 1",
    ],
)
def test_the_web_writes_no_sums_by_itself(web, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)


@pytest.mark.parametrize("verb", ["advance", "rebuild"])
@pytest.mark.parametrize(
    "through", ["(select max(id) + 1 from ledger_entry)", "10^15::bigint", "null"]
)
def test_nor_past_what_is_known_to_be_there(web, verb, through):
    """Entries to come would never be counted."""
    web.execute("select ledger_horizon()")
    with pytest.raises(psycopg.Error, match="reaches to entry") as refusal:
        web.execute(f"select ledger_{verb}_snapshot(({through})::bigint)")
    assert refusal.value.sqlstate == "SL010"


def test_a_look_that_is_older_than_the_lock_takes_no_horizon(web):
    web.execute("set transaction isolation level repeatable read")
    with pytest.raises(psycopg.Error, match="reads what is committed"):
        web.execute("select ledger_horizon()")


def test_told_an_older_entry_it_stays_where_it_is(db, clara):
    make_credit(clara, 40)
    made = snapshots.advance()
    with connection.cursor() as cursor:
        cursor.execute("select ledger_advance_snapshot(0), ledger_rebuild_snapshot(0)")
    assert Snapshot.objects.get().through == made.through
    assert not [*snapshots.prove()]


# --- Late commits -------------------------------------------------------------------------------


def test_an_entry_that_commits_late_is_not_skipped(committing_db):
    """The classic: a lower id commits after a higher one was summed up."""
    clara, ben, desk = make_client("Clara Nuñez"), make_client("Ben Okafor"), make_desk()
    for client in (clara, ben):
        make_credit(client, 10, desk=desk)
    with transaction.atomic():
        late = act(desk, Draw(accounts.credit_of(clara), 100), Move(accounts.OPEN_ORDERS, -100))
        quick = start(make_credit, ben, 5).result(LIMIT)
        assert quick.opened_by_id > late.entry_id
        summing = start(snapshots.advance)
        until_waiting(1)
    # It waited for the late one, and counts it.
    assert summing.result(LIMIT).through >= quick.opened_by_id
    assert summed(_EVERY) == plainly(_EVERY)
    assert not [*snapshots.prove()]


def test_posting_and_summing_up_all_the_time(committing_db):
    desk = make_desk()
    clients = [make_client(f"Client {n}") for n in range(3)]

    def post_some(client):
        for n in range(12):
            with transaction.atomic():
                make_credit(client, n + 1, desk=desk)
                with connection.cursor() as cursor:
                    cursor.execute("select pg_sleep(%s)", [0.004 * (n % 3)])

    posting = [start(post_some, client) for client in clients]
    while not all(hand.done() for hand in posting):
        snapshots.advance()
        assert not [*snapshots.prove()]
        # Asked before: what is posted between the two sums is in one of them alone.
        are_done = all(hand.done() for hand in posting)
        assert summed(["kind"]) == plainly(["kind"]) or not are_done
    for hand in posting:
        hand.result(LIMIT)
    assert DaySum.objects.exists()
    snapshots.advance()
    assert Snapshot.objects.get().through == Entry.objects.latest("id").pk
    assert summed(_EVERY) == plainly(_EVERY)
    assert not [*snapshots.prove()]


def test_while_somebody_posts_for_long_nothing_is_summed_up(committing_db, monkeypatch):
    monkeypatch.setattr(snapshots, "TRIES", 1)
    clara = make_client("Clara Nuñez")
    with transaction.atomic():
        make_credit(clara, 5)
        refused = start(snapshots.advance)
        with pytest.raises(snapshots.SnapshotRefused, match="Nothing was summed up"):
            refused.result(LIMIT)
    assert snapshots.advance().through == Entry.objects.latest("id").pk
