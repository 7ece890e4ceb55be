"""Whether a start is one that the booking pages offer, with these very people."""

import datetime as dt
from collections.abc import Sequence

from appointments.free_times import free_times
from deposits.models import BookingSettings
from salon import clock
from salon.models import Location, Service, StaffMember

Wishes = Sequence[tuple[Service, StaffMember | None]]


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
    day = clock.business_date(location, starts_at)
    today = clock.business_date(location)
    if not today <= day <= today + dt.timedelta(days=settings.latest_days):
        return False

    def offers(wishes: Wishes, every: int) -> bool:
        slots = free_times(
            location=location,
            services=wishes,
            first=day,
            last=day,
            every=every,
            not_before=clock.now() + dt.timedelta(minutes=settings.earliest_minutes),
            online=True,
        )
        return any(slot.starts_at == starts_at for slot in slots.get(day, []))

    if offers(services, settings.start_every):
        return True
    anyone = [(service, None) for service, _ in services]
    return offers(anyone, settings.start_every) and offers(services, 1)
