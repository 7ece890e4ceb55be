"""One line of who did what, and what somebody looks for."""

import datetime as dt
from dataclasses import dataclass

from djmoney.money import Money

from salon.models import Location, StaffMember, Till


@dataclass(frozen=True, order=True)
class Spot:
    """A line's place in the list: its moment, then its source and id, so that no two share one."""

    at: dt.datetime
    source: str
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.source}~{self.pk}"

    @classmethod
    def parse(cls, text: str | None) -> "Spot | None":
        """The spot that an address names; None for what is none."""
        parts = (text or "").split("~")
        try:
            spot = cls(dt.datetime.fromisoformat(parts[0]), parts[1], int(parts[2]))
        except (ValueError, IndexError):
            return None
        return spot if spot.at.tzinfo is not None and 0 <= spot.pk < 2**63 else None


@dataclass(frozen=True)
class Record:
    """What somebody did. `who` is empty where the program or a client did it.

    `before` and `after` are figures or settings as people read them; `note` is what was typed.
    """

    spot: Spot
    what: str
    about: str = ""
    before: str = ""
    after: str = ""
    amount: Money | None = None
    note: str = ""
    who: str = ""
    place: str = ""
    till: str = ""
    url: str = ""

    @property
    def at(self) -> dt.datetime:
        return self.spot.at


@dataclass(frozen=True)
class Wanted:
    """Which records: from `start`, before `end`; the others only where they are given."""

    start: dt.datetime
    end: dt.datetime
    place: Location | None = None
    staff: StaffMember | None = None
    till: Till | None = None
    source: str = ""
    words: str = ""
