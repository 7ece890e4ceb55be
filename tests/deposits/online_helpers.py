"""Booking online in one line, paying on the processor's page, and the processor's books beside
ours."""

import datetime as dt
import uuid as uuids
from collections.abc import Sequence

from djmoney.money import Money

from appointments.models import Appointment, WorkingHours
from appointments.segments import Wanted
from cards import attempts
from cards.models import Attempt, CardRefund
from deposits.booking.booker import Booker
from deposits.booking.online import book_online
from deposits.models import BookingSettings, DepositRequest, DepositRule
from deposits.payments.paying import begin_payment
from deposits.purposes import DEPOSIT
from salon import clock
from salon.models import Location, Service, StaffMember
from salon.money import minor, money
from tests.cards.paying import assert_books_agree, balance_of
from tests.factories import dollars, make_location, make_service, make_staff
from tests.harness.processor import PAYS, TestProcessor

BACK = "https://salon.example/book/done/"
HERE = "203.0.113.9"
PHONE = "Mozilla/5.0 (iPhone)"
CLARA = Booker("Clara", "Nuñez", "clara@example.com", "+12125550142")
BEN = Booker("Ben", "Okafor", "ben@example.com", "+12125550107")
ALL_DAY = (dt.time(0, 0), dt.time(23, 59))
Status = DepositRequest.Status


def make_shop(percent: int | None = 30, **settings) -> Location:
    """Midtown, open around the clock, with Maya, and 30 % asked of everybody unless said otherwise.

    `settings` are set on BookingSettings.
    """
    location = make_location()
    for weekday in WorkingHours.Weekday:
        WorkingHours.objects.get_or_create(
            location=location, weekday=weekday, starts=ALL_DAY[0], ends=ALL_DAY[1]
        )
    make_maya(location)
    if percent:
        DepositRule.objects.create(kind="percent", percent=percent)
    BookingSettings.objects.update(**{"online_booking": True} | settings | {"earliest_minutes": 0})
    return location


def make_maya(location: Location | None = None) -> StaffMember:
    """Clients may book her."""
    maya = make_staff("Maya", location=location or make_location())
    maya.books_online = True
    maya.save()
    return maya


def make_bookable(name: str = "Cut & finish", price: int = 85, **fields) -> Service:
    """A service that clients may book: an hour for $85.00."""
    return make_service(name, price, books_online=True, **fields)


def at_noon(days: int = 3) -> dt.datetime:
    """Noon at Midtown, in so many days."""
    zone = make_location().zone
    day = clock.now().astimezone(zone).date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(12), tzinfo=zone).astimezone(dt.UTC)


def online(
    booker: Booker = CLARA,
    starts_at: dt.datetime | None = None,
    expected: Money | str | int = "25.50",
    services: Sequence[Wanted] = (),
    **more,
) -> DepositRequest:
    """Clara books a cut with Maya at noon in three days; $25.50 is asked."""
    values = {
        "booker": booker,
        "services": services or [Wanted(make_bookable(), make_maya())],
        "starts_at": starts_at or at_noon(),
        "location": make_location(),
        "uuid": uuids.uuid4(),
        "keep_card": False,
        "address": HERE,
        "device": PHONE,
        "expected": expected if isinstance(expected, Money) else dollars(expected),
    }
    return book_online(**values | more)


def opened(request: DepositRequest, uuid: uuids.UUID | None = None) -> Attempt:
    """The processor's page is open, to pay it."""
    attempt = begin_payment(request=request, back_url=BACK, uuid=uuid or uuids.uuid4())
    return attempts.send(attempt)


def paid(processor: TestProcessor, request: DepositRequest, number: str = PAYS) -> Attempt:
    """Paid on a page of its own, and heard of."""
    attempt = opened(request)
    processor.pay_page(attempt.url, number)
    return attempts.look(attempt)


def fresh(row):
    """The row as it is now."""
    return type(row).objects.get(pk=row.pk)


def status_of(request: DepositRequest) -> tuple[str, str]:
    """Of the request, and of its visit."""
    row = DepositRequest.objects.select_related("appointment").get(pk=request.pk)
    return row.status, row.appointment.status


def held(visit: Appointment) -> Money:
    """What is held for a visit."""
    return money(sum(lot.remaining for lot in visit.held_lots.filter(is_open=True)))


def run_jobs() -> None:
    """What was deferred to close card pages: as the worker would."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from deposits.payments.paying import cancel_attempts_of

    jobs = ProcrastinateJob.objects.filter(task_name="deposits.cancel_attempts")
    for request in set(jobs.values_list("args__request", flat=True)):
        cancel_attempts_of(request)


def every_cent_is_somewhere(processor: TestProcessor) -> None:
    """What cards paid for deposits is each in one sale, or on its way straight back; and the books
    agree with the processor's."""
    assert_books_agree(processor)
    taken = Attempt.objects.filter(purpose=DEPOSIT, status=Attempt.Status.SUCCEEDED)
    confirmed = DepositRequest.objects.filter(status=Status.CONFIRMED, order__isnull=False)
    back = CardRefund.objects.filter(purpose=DEPOSIT)
    assert sum(minor(it.amount) for it in taken) == (
        sum(minor(it.amount) for it in confirmed) + sum(minor(it.amount) for it in back)
    )


__all__ = [name for name in globals() if not name.startswith("_")] + ["balance_of"]
