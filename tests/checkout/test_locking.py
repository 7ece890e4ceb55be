"""In which order acts lock (docs/architecture.md), and what they see after having waited."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from checkout import proposing
from checkout.closing import close_order
from checkout.errors import StaleOrder
from checkout.locking import lock
from checkout.opening import open_for_visit, set_client
from checkout.voiding import void_order
from ledger.releasing import release
from salon import clock
from salon.models import BusinessSettings
from tests.checkout.helpers import has, order_with, pay
from tests.checkout.test_deposits import take_deposit
from tests.factories import dollars, make_appointment, make_client, make_credit, make_desk
from tests.harness.at_once import until_waiting
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db

ORDER = r'FROM "checkout_order" .*FOR UPDATE'
CLIENT = "from clients_client where id = .* for share"
ACCOUNTS = "ledger_post"


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def visit():
    """Clara's cut for $85.00, tomorrow."""
    return make_appointment(
        make_client("Clara Nuñez"), starts_at=clock.now() + dt.timedelta(days=1)
    )


def locks(act):
    """What the act locked, in its order: the same again is left out."""
    with CaptureQueriesContext(connection) as asked:
        act()
    taken = [
        name
        for query in asked.captured_queries
        for name, pattern in (("order", ORDER), ("client", CLIENT), ("accounts", ACCOUNTS))
        if re.search(pattern, query["sql"])
    ]
    return [name for n, name in enumerate(taken) if n == 0 or taken[n - 1] != name]


def test_a_payment_holds_the_client_before_a_deposit_locks_accounts(desk, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    assert locks(lambda: pay(order, "cash", 55, desk)) == ["order", "client", "accounts"]


def test_a_void_holds_the_client_before_the_first_payment_goes_back(desk):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 20)
    order = order_with(desk, clara, service=32)
    pay(order, "cash", 12, desk)
    pay(order, "credits", 20, desk)
    taken = locks(lambda: void_order(order=order, desk=desk, reason="Left without a cut"))
    first = taken.index("accounts")
    assert "client" in taken[:first]
    assert "client" not in taken[first:]


def test_closing_locks_the_deposits_sale_before_any_account(desk, visit):
    take_deposit(visit, 100, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    with CaptureQueriesContext(connection) as asked:
        close_order(order=order, desk=desk, left_over="card")
    said = [query["sql"] for query in asked.captured_queries]
    first_posting = next(n for n, sql in enumerate(said) if ACCOUNTS in sql)
    assert sum(bool(re.search(ORDER, sql)) for sql in said[:first_posting]) == 2


def test_a_deposit_that_moves_in_this_moment_is_told_as_it_is(desk, visit, monkeypatch):
    """Also where balances are off: that they are has nothing to do with it."""
    lot = take_deposit(visit, 85, desk).lines.get().opened_lot
    BusinessSettings.objects.update(client_account_balances=False)
    order = open_for_visit(appointment=visit, desk=desk)

    def moves(*args):
        parts = usable(*args)
        release(lots=[lot], desk=desk, key="test:release", reason="Asked for it")
        return parts

    usable = proposing.usable
    monkeypatch.setattr(proposing, "usable", moves)
    with pytest.raises(StaleOrder, match="deposit was changed at another till"):
        close_order(order=order, desk=desk)
    assert has(visit.client, desk).held == dollars(85)
    assert_well()


def test_who_waited_for_a_sale_finds_the_client_that_it_has_by_then(committing_db):
    desk = make_desk("Olivia")
    order = order_with(desk, make_client("Clara N."), service=40)
    clara = make_client("Clara Nuñez")

    def whose():
        try:
            with transaction.atomic():
                return lock(order).client
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_client(order=order, client=clara, desk=desk)
            other = pool.submit(whose)
            until_waiting(1)
        assert other.result(30) == clara
