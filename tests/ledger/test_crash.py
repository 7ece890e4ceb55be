"""The database is killed while tills post: what was acknowledged is there, once; it all adds up."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, InterfaceError, connection, transaction

from ledger import accounts
from ledger.errors import NotEnoughCredit
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Open, Terms
from ledger.models import Entry
from ledger.posting import post
from tests.factories import make_client, make_credit, make_desk
from tests.ledger.books import assert_well

TILLS, KILLS, ENTRIES = 6, 3, 150
GIFT = Terms(source=Source.GOODWILL, is_paid=False)


class Till:
    """Posts one entry after the other; knows which were acknowledged and which is in doubt."""

    def __init__(self, number, clients, desk):
        self.number, self.clients, self.desk = number, clients, desk
        self.acknowledged = {}
        self.in_doubt = None
        self.turns = itertools.count()

    def work(self):
        """Until the database is gone."""
        try:
            while True:
                self.one_entry(f"till:{self.number}:{next(self.turns)}")
        except (DatabaseError, InterfaceError):
            pass
        finally:
            connection.close()

    def one_entry(self, key):
        turn = int(key.rpartition(":")[2])
        account = accounts.credit_of(self.clients[turn % len(self.clients)])
        if turn % 3:
            legs = [Open(account, 100, GIFT), Move(accounts.GOODWILL, 100)]
        else:
            legs = [Draw(account, 150), Move(accounts.OPEN_ORDERS, -150)]
        self.in_doubt = key
        try:
            with transaction.atomic():
                posted = post(key=key, kind=EntryKind.ADJUSTMENT, legs=legs, desk=self.desk)
            self.acknowledged[key] = posted.entry_id
        except NotEnoughCredit:
            pass
        self.in_doubt = None


@pytest.mark.cluster
def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(private_cluster):
    desk, clients = make_desk(), [make_client(), make_client("Ben Okafor")]
    for client in clients:
        make_credit(client, 5, desk=desk)
    connection.close()
    tills = [Till(number, clients, desk) for number in range(TILLS)]

    for _ in range(KILLS):
        kill_under_load(private_cluster.server, tills)
        retry_what_is_in_doubt(tills)
        every_acknowledged_entry_is_there_once(tills)
        assert_well()
        connection.close()


def kill_under_load(server, tills):
    """Power is cut after so many entries, in the midst of the next ones."""
    enough = count_acknowledged(tills) + ENTRIES
    with ThreadPoolExecutor(len(tills)) as pool:
        work = [pool.submit(till.work) for till in tills]
        wait_until(lambda: count_acknowledged(tills) >= enough)
        server.kill()
        for till in work:
            till.result(60)
    wait_until(lambda: server.start() or server.is_running())


def count_acknowledged(tills):
    return sum(len(till.acknowledged) for till in tills)


def wait_until(done, seconds=60):
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "This takes too long."
        time.sleep(0.005)


def retry_what_is_in_doubt(tills):
    """The reply was lost, the entry perhaps not: the same key finds it or writes it."""
    for till in tills:
        if till.in_doubt:
            till.one_entry(till.in_doubt)


def every_acknowledged_entry_is_there_once(tills):
    found = dict(Entry.objects.filter(key__startswith="till:").values_list("key", "pk"))
    expected = {}
    for till in tills:
        expected |= till.acknowledged
    # Nothing more either: whatever was in doubt has been asked for again and answered.
    assert found == expected
