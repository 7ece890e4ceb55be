"""The demo salon's days are sealed, each on the next morning; the last two are still open."""

import datetime as dt

from ledger.sealing import seal_day
from salon import clock
from salon.desk import Desk
from salon.models import Location, StaffMember

OPEN = 2
"""Days before today that nobody has sealed yet."""
ONE_BY_ONE = 7
"""So many last sealed days were sealed on a morning of their own, all before them at once."""


def seal() -> str:
    """Seal both shops' days, as Marcus; what was done."""
    marcus = StaffMember.objects.get(username="marcus")
    sealed = 0
    for location in Location.objects.all():
        today = clock.business_date(location)
        for days in range(OPEN + ONE_BY_ONE, OPEN - 1, -1):
            on = today - dt.timedelta(days=days)
            sealed += len(
                seal_day(location=location, on=on, desk=_next_morning(marcus, location, on))
            )
    return f"  {sealed} days sealed"


def _next_morning(staff: StaffMember, location: Location, on: dt.date) -> Desk:
    day = on + dt.timedelta(days=1)
    at = dt.datetime.combine(day, dt.time(9, 5), tzinfo=location.zone)
    return Desk(staff=staff, location=location, at=at)
