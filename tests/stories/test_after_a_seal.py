"""The evening's late guest: the day is sealed already, and everything still works and adds up."""

import datetime as dt
import uuid

from checkout.closing import close_order
from checkout.refunding import refund_lines
from checkout.tills.closing import close_till
from checkout.tills.opening import open_till
from ledger.expiring import expire_lots
from ledger.models import Entry
from ledger.sealing import seal_day
from salon.reporting.registry import reports
from tests.checkout.helpers import order_with, pay
from tests.factories import dollars, make_client, make_credit, make_desk
from tests.ledger.books import assert_well


def counted(session, desk, amount, left_in):
    close_till(session=session, counted=dollars(amount), left_in=dollars(left_in), desk=desk)


def test_what_is_done_after_the_day_was_sealed_counts_for_the_next(db):
    desk = make_desk("Olivia")
    clara = make_client()
    today = desk.business_date
    make_credit(clara, 100, expires_on=today)
    session = open_till(till=desk.till, counted=dollars(50), desk=desk, uuid=uuid.uuid4())
    first = order_with(desk, clara, service=85)
    pay(first, "credits", 40, desk)
    pay(first, "cash", 45, desk)
    close_order(order=first, desk=desk)
    counted(session, desk, 95, 50)
    seal_day(location=desk.location, on=today, desk=desk)
    sealed = Entry.objects.latest("id").pk

    session = open_till(till=desk.till, counted=dollars(51), desk=desk, uuid=uuid.uuid4())
    late = order_with(desk, clara, service=30, credit=20)
    pay(late, "cash", 50, desk)
    close_order(order=late, desk=desk)
    refund_lines(
        order=first,
        amounts={first.lines.get(): dollars(10)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    counted(session, desk, 96, 50)

    after = Entry.objects.filter(pk__gt=sealed)
    assert {entry.business_date for entry in after} == {today + dt.timedelta(days=1)}
    assert len(expire_lots(desk.at + dt.timedelta(days=3))) >= 1
    assert_well()
    for days in (0, 1, 4):
        on = today + dt.timedelta(days=days)
        for report in reports():
            for tie in report.ties(on) if report.ties else ():
                assert tie.is_well, (report.key, on, tie)
