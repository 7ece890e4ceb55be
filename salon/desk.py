"""Where an act happens: who does it, at which location and till, and when."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from salon import clock
from salon.models import Location, StaffMember, Till


@dataclass(frozen=True)
class Desk:
    """Passed to every verb that moves money; it becomes part of the journal entry.

    `staff` is None only for acts that nobody does: expiry, renewals, webhooks, a client online.
    """

    staff: StaffMember | None
    location: Location
    till: Till | None = None
    at: dt.datetime = field(default_factory=clock.now)
    by_itself: bool = False
    """The program acts: it asked for itself whether this may be, and no role is asked."""

    @property
    def person(self) -> StaffMember:
        """Who does it, for acts that somebody has to do. LookupError where nobody does."""
        if self.staff is None:
            raise LookupError("somebody has to do this")
        return self.staff

    @cached_property
    def business_date(self) -> dt.date:
        return clock.business_date(self.location, self.at)
