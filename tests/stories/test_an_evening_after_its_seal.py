"""What a desk can still do on an evening whose day is sealed, and where it is told."""

import datetime as dt
import uuid

import pytest

from checkout.closing import close_order
from checkout.tills.closing import close_till
from checkout.tills.opening import open_till
from ledger.sealing import seal_day
from reports.day_close import sessions_on
from salon.desk import Desk
from tests.checkout.helpers import has, order_with, pay
from tests.factories import dollars, make_client, make_credit, make_desk
from tests.ledger.books import assert_well


@pytest.fixture
def desk(db) -> Desk:
    """Olivia's; her day is sealed already."""
    desk = make_desk("Olivia")
    seal_day(location=desk.location, on=desk.business_date, desk=desk)
    return desk


def test_credit_can_be_spent_on_its_last_day_although_that_is_sealed(desk):
    clara = make_client()
    make_credit(clara, 30, expires_on=desk.business_date)
    assert has(clara, desk).available == dollars(30)
    order = order_with(desk, clara, service=30)
    pay(order, "credits", 30, desk)
    close_order(order=order, desk=desk)
    assert has(clara, desk).available == dollars(0)
    assert_well()


def test_a_drawer_that_is_opened_then_is_counted_on_the_next_days_sheet(desk):
    today, tomorrow = desk.business_date, desk.business_date + dt.timedelta(days=1)
    session = open_till(till=desk.till, counted=dollars(50), desk=desk, uuid=uuid.uuid4())
    close_till(session=session, counted=dollars(45), left_in=dollars(45), desk=desk)
    assert sessions_on(today, desk.location) == []
    assert sessions_on(tomorrow, desk.location) == [session]
    assert_well()
