"""What a day brings to the demo: all that the worker's periodic jobs would do in the meantime."""

import datetime as dt

from django.db import connection

from cards.sweeping import sweep
from deposits.payments.lapsing import lapse_due
from ledger.expiring import expire_lots
from memberships.changing.cards import finish_due
from memberships.enrolling import waiting as enrolments
from memberships.renewing.renewing import renew_due
from salon import clock
from salon.models import Location

JOBS = """
    update procrastinate_jobs set scheduled_at = scheduled_at - interval '1 day'
    where status = 'todo' and scheduled_at is not null
"""
"""What waits for a day that has come, such as a gift card's e-mail, is due a day earlier."""


def live() -> list[str]:
    """Do what is due by the clock's day; what happened, in words. Never inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
    sweep(dt.timedelta(0))
    finish_due()
    renewed = renew_due()
    happened = [
        _counted(lapse_due(), "time given back", "times given back"),
        _counted(enrolments.lapse_due(), "enrolment lapsed", "enrolments lapsed"),
        _counted(len(expire_lots(clock.now())), "lot expired", "lots expired"),
        f"memberships: {renewed}" if any(vars(renewed).values()) else "",
    ]
    return [told for told in happened if told]


def today() -> dt.date:
    """The day at the first location."""
    return clock.business_date(Location.objects.order_by("pk")[0])


def _counted(many: int, one: str, more: str) -> str:
    return f"{many} {one if many == 1 else more}" if many else ""
