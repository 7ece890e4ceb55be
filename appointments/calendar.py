"""The book as it is drawn: columns of one person's day each, and what stands in them.

    board = board_of_day(location, day)              # calendar_day.py: one column a person
    board = board_of_week(location, person, day)     # calendar_week.py: one column a day

A column is a grid of five minutes a row. All columns of a board show the same hours of their day;
what happens is put in by how many minutes have passed since the first row, so that an hour that a
clock skips or repeats is as long as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from appointments.models import Appointment
from appointments.times import say_time
from salon.models import Location, StaffMember

ROW = dt.timedelta(minutes=5)
ROWS_AN_HOUR = 12


@dataclass(frozen=True)
class Span:
    """A stretch of time; `until` is outside."""

    since: dt.datetime
    until: dt.datetime

    @property
    def minutes(self) -> int:
        return int((self.until - self.since).total_seconds() // 60)

    def meets(self, other: Span) -> bool:
        return self.since < other.until and other.since < self.until


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of the spans where the taken ones are cut out."""
    left = list(spans)
    for hole in taken:
        left = [part for span in left for part in _around(span, hole)]
    return left


def _around(span: Span, hole: Span) -> list[Span]:
    if not span.meets(hole):
        return [span]
    parts = [Span(span.since, hole.since), Span(hole.until, span.until)]
    return [part for part in parts if part.since < part.until]


@dataclass(frozen=True)
class Place:
    """The first row of something in its column, and over how many rows it goes."""

    row: int
    rows: int

    @property
    def css(self) -> str:
        """Classes of book.css: hour and minute of the start, hours and minutes of the length."""
        (h, m), (dh, dm) = divmod(self.row, ROWS_AN_HOUR), divmod(self.rows, ROWS_AN_HOUR)
        return f"h{h} m{m * 5} dh{dh} dm{dm * 5}"


@dataclass(frozen=True)
class Axis:
    """The hours of one day that a column shows. `first` is on the hour, UTC."""

    first: dt.datetime
    hours: int

    @property
    def whole(self) -> Span:
        return Span(self.first, self.first + dt.timedelta(hours=self.hours))

    def place(self, span: Span) -> Place | None:
        """Where a span stands, cut to what is shown; None for one that is not shown at all."""
        if not span.meets(self.whole):
            return None
        row = max((span.since - self.first) // ROW, 0)
        end = min((span.until - self.first) // ROW, self.hours * ROWS_AN_HOUR)
        return Place(row, max(end - row, 1))

    def labels(self, location: Location) -> list[str]:
        """What the clock shows at each row of a full hour: 9 am, 10 am …"""
        moments = (self.first + dt.timedelta(hours=hour) for hour in range(self.hours))
        return [say_time(moment, location.zone).replace(":00", "") for moment in moments]


@dataclass(frozen=True)
class Block:
    """Time that is not free: hours off, time off, a visit elsewhere, minutes kept free."""

    kind: str
    """off, away, buffer: how it is drawn."""
    place: Place
    text: str = ""


@dataclass(frozen=True)
class Gap:
    """Free time between two visits: where a new one is added."""

    place: Place
    label: str
    url: str


@dataclass(frozen=True)
class Card:
    """What one person does in one visit without a break, as it stands in the column.

    A visit has several where several people have a part in it. `is_first`: the one that carries
    what is known of the whole visit (its anchor, its deposit).
    """

    visit: Appointment
    place: Place
    time: str
    until: str
    services: str
    segments: str
    """Ids of the services in it, parted by commas: what a drag gives to somebody else."""
    starts_at: dt.datetime
    seen: str
    is_first: bool
    with_others: str
    """Who else has a part in the visit, for the card's label."""
    is_late: bool
    lane: int = 0
    lanes: int = 1

    @property
    def size(self) -> str:
        """How much there is room for: a line, two, what an hour holds, or all of it."""
        sizes = ((4, "line"), (8, "brief"), (9, "hour is-short"), (13, "hour"))
        return next((name for rows, name in sizes if self.place.rows <= rows), "")

    @property
    def can_move(self) -> bool:
        return self.visit.is_open

    @property
    def shift(self) -> int:
        """Seconds between the start of the visit and of this card: a drag moves the visit."""
        return int((self.starts_at - self.visit.starts_at).total_seconds())


@dataclass(frozen=True)
class Column:
    """One person's day."""

    staff: StaffMember
    day: dt.date
    axis: Axis
    title: str
    sub: str
    url: str
    add_url: str
    cards: Sequence[Card] = field(default_factory=list)
    blocks: Sequence[Block] = field(default_factory=list)
    gaps: Sequence[Gap] = field(default_factory=list)
    is_today: bool = False

    @property
    def key(self) -> str:
        return f"{self.staff.pk}-{self.day:%Y%m%d}"

    @property
    def first(self) -> int:
        """The first row as seconds since 1970, for the script that reckons where one drops."""
        return int(self.axis.first.timestamp())

    @property
    def visits(self) -> int:
        return len({card.visit.pk for card in self.cards if not card.visit.is_gone})


@dataclass(frozen=True)
class Board:
    """A day of everybody, or a week of one person."""

    location: Location
    columns: Sequence[Column]
    visits: Sequence[Appointment]
    now: dt.datetime
    has_hours: bool
    """Whether anybody has said when the location is open."""
    people: Sequence[StaffMember] = ()
    """Who can be chosen to see only their column."""

    @cached_property
    def labels(self) -> list[str]:
        return self.columns[0].axis.labels(self.location) if self.columns else []

    @property
    def now_seconds(self) -> int:
        return int(self.now.timestamp())

    @property
    def now_place(self) -> Place | None:
        """Where the line of the present stands, if today is shown and now is within its hours."""
        column = next((column for column in self.columns if column.is_today), None)
        return column.axis.place(Span(self.now, self.now + ROW)) if column else None

    @property
    def now_column(self) -> int:
        return next((i for i, column in enumerate(self.columns) if column.is_today), 0)

    @property
    def now_first(self) -> int:
        """Seconds: the moment at the top of today's column."""
        return self.columns[self.now_column].first

    @property
    def happening(self) -> int:
        return sum(not visit.is_gone for visit in self.visits)

    @property
    def waiting(self) -> int:
        return sum(visit.is_pending for visit in self.visits)

    @property
    def visit_ids(self) -> str:
        """For the floor above, which fills in every deposit at once: 12,15,16."""
        return ",".join(str(visit.pk) for visit in self.visits)
