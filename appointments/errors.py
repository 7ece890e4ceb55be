"""What the book refuses, told as the desk should read it: what did not happen and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from salon.errors import Refusal


class Refused(Refusal):
    """The book refuses it."""


class Busy(Refused):
    """Somebody has a visit at that time, or is off.

    `next_frees`: up to three starts at which all of it fits, the soonest first; `next_free`: the
    first of them. The message names clients: it is for the desk, never for a client online.
    """

    def __init__(self, message: str, next_frees: Sequence[dt.datetime] = ()) -> None:
        super().__init__(message, field="time")
        self.next_frees = list(next_frees)

    @property
    def next_free(self) -> dt.datetime | None:
        return self.next_frees[0] if self.next_frees else None


class StaleVisit(Refused):
    """The visit changed at another desk since this page was made."""


class NoSuchHour(Refused):
    """Clocks go forward over that time of day: it does not exist on that date."""
