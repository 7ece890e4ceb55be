"""What the book refuses, told as the desk should read it: what did not happen and what to do."""

from __future__ import annotations

import datetime as dt


class Refused(Exception):
    """The act was refused and nothing changed. `field` names the input that it is about, if any."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Busy(Refused):
    """Somebody has a visit at that time. `next_free`: when all of this one fits, if known."""

    def __init__(self, message: str, next_free: dt.datetime | None = None) -> None:
        super().__init__(message, field="time")
        self.next_free = next_free


class StaleVisit(Refused):
    """The visit changed at another desk since this page was made."""


class NoSuchHour(Refused):
    """Clocks go forward over that time of day: it does not exist on that date."""
