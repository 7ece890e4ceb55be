"""When the salon is open and people work, and what it asks of who books online."""

import datetime as dt

from appointments.models import TimeOff, WorkingHours
from demo.book import CLOSES, OPENS, moment
from demo.catalog import Catalog
from demo.places import Shop
from deposits.models import BookingSettings, DepositRule, ServiceDeposit
from deposits.models.settings import CardFor, FeeKind
from salon.models import Service, StaffMember
from salon.money import money

CLEANING = {"Balayage": 15, "Keratin smoothing": 15, "Signature facial": 10}
"""Minutes that are kept free afterwards."""
HALF = "Keratin smoothing"
AWAY = dt.timedelta(days=16)
"""Priya's course: far enough for nothing to be in the book yet."""


def open_for_booking(
    shops: list[Shop], catalog: Catalog, staff: dict[str, StaffMember], today: dt.date
) -> None:
    """Hours, time off, time to clean up. After the book was filled, which keeps nothing free."""
    for shop in shops:
        WorkingHours.objects.bulk_create(
            WorkingHours(
                location=shop.location, weekday=day, starts=_clock(OPENS), ends=_clock(CLOSES)
            )
            for day in range(7)
        )
    _works_at_own_hours(shops[0], staff["Maya"])
    day = today + AWAY
    TimeOff.objects.create(
        staff=staff["Priya"],
        starts_at=moment(shops[0], day, OPENS),
        ends_at=moment(shops[0], day + dt.timedelta(days=1), CLOSES),
        reason="Color course",
    )
    for name, minutes in CLEANING.items():
        Service.objects.filter(pk=catalog.services[name].pk).update(buffer_after=minutes)


def ask_deposits() -> None:
    """Clients book online: a third of what costs more, half of the dearest; all of it from who did
    not come once.

    As of today: whoever canceled before knew no fees.
    """
    BookingSettings.objects.filter(pk=1).update(
        online_booking=True,
        card_for_fees=CardFor.OPTIONAL,
        late_fee_kind=FeeKind.PERCENT,
        late_fee_percent=50,
        no_show_fee_kind=FeeKind.PERCENT,
        no_show_fee_percent=100,
        most_moves=2,
    )
    ServiceDeposit.objects.create(service=Service.objects.get(name=HALF), percent=50)
    who = DepositRule.Who
    DepositRule.objects.create(who=who.EVERYBODY, percent=30, minimum_value=money(8000))
    DepositRule.objects.create(who=who.NEW, percent=30)
    DepositRule.objects.create(who=who.NO_SHOWS, kind=DepositRule.Kind.FULL, percent=None)


def _works_at_own_hours(shop: Shop, person: StaffMember) -> None:
    """Maya starts late on Tuesdays, and goes on for longer."""
    for day in range(7):
        late = day == WorkingHours.Weekday.TUESDAY
        WorkingHours.objects.create(
            location=shop.location,
            staff=person,
            weekday=day,
            starts=_clock(OPENS + 120 * late),
            ends=_clock(CLOSES + 60 * late),
        )


def _clock(minutes: int) -> dt.time:
    return dt.time(minutes // 60, minutes % 60)
