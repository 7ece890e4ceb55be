"""Whether a start is one that the booking pages offer, with these very people."""

import datetime as dt
from collections.abc import Sequence

from appointments.free_times import Slot, free_times
from deposits.models import BookingSettings
from salon import clock
from salon.models import Location, Service, StaffMember

Wishes = Sequence[tuple[Service, StaffMember | None]]


def free_online(
    location: Location,
    settings: BookingSettings,
    wishes: Wishes,
    first: dt.date,
    last: dt.date,
    *,
    every: int | None = None,
) -> dict[dt.date, list[Slot]]:
    """The free starts online, by the owner's settings. As many queries as `free_times`.

    `every`: minutes between starts, if other ones than the owner set.
    """
    return free_times(
        location=location,
        services=wishes,
        first=first,
        last=last,
        every=every or settings.start_every,
        not_before=clock.now() + dt.timedelta(minutes=settings.earliest_minutes),
        online=True,
    )


def bookable_day(
    location: Location, settings: BookingSettings, starts_at: dt.datetime
) -> dt.date | None:
    """The business day of a start; None where it is past, or further ahead than is booked."""
    day = clock.business_date(location, starts_at)
    today = clock.business_date(location)
    is_near = today <= day <= today + dt.timedelta(days=settings.latest_days)
    return day if is_near else None


def is_offered(
    *,
    services: Sequence[tuple[Service, StaffMember]],
    starts_at: dt.datetime,
    location: Location,
    settings: BookingSettings,
) -> bool:
    """Whether it is free online now, on the grid of times of who was asked for, or of anyone.

    Where hours begin at different minutes, the grids differ: who asked for anyone may get somebody
    at a time from another's hours. As many queries as `free_times`, three times that for a start of
    the second kind.
    """
    day = bookable_day(location, settings, starts_at)
    if day is None:
        return False

    def offers(wishes: Wishes, every: int | None = None) -> bool:
        slots = free_online(location, settings, wishes, day, day, every=every)
        return any(slot.starts_at == starts_at for slot in slots.get(day, []))

    if offers(services):
        return True
    return offers([(service, None) for service, _ in services]) and offers(services, every=1)
