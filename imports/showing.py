"""What the pages show of an import: its steps, its rows by what becomes of them, its columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from phonenumber_field.phonenumber import PhoneNumber

from clients.models import Client
from imports.deciding import choices_for, words_for
from imports.models import Decision, Import, Row, RowQuerySet, Status

PAGE = 40
SAMPLES = 3
_READ_FOR_SAMPLES = 25
"""Rows that are looked through for samples: the first ones often leave a column empty."""

STEPS = ["The file", "Its columns", "Look at it", "Take it in"]
_STEP_OF = {
    Status.MAPPING: 1,
    Status.CHECKING: 2,
    Status.READY: 2,
    Status.FAILED: 2,
    Status.IMPORTING: 3,
}

ERRORS, WARNED, MATCHES, NEW, LEFT_OUT, ALL = (
    "problems",
    "warnings",
    "matches",
    "new",
    "left-out",
    "all",
)


@dataclass(frozen=True)
class Step:
    name: str
    is_past: bool
    is_now: bool


@dataclass(frozen=True)
class Tab:
    """Rows of one kind."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Shown:
    """A row with what may be decided of it."""

    row: Row
    choices: list[tuple[str, str]]
    """What else could become of it, with its words."""

    @property
    def client(self) -> Client | None:
        """Who it is: the client that it became, else the one that it was taken for."""
        return self.row.client or self.row.match

    @property
    def name(self) -> str:
        """As it stood in the file; as the client is called where that was cleared."""
        return self.row.name or (self.client.name if self.client else "")

    @property
    def phone(self) -> str:
        """As the desk writes it: (212) 555-0142."""
        return str(PhoneNumber.from_string(self.row.phone)) if self.row.phone else ""


def steps(now: int) -> list[Step]:
    return [Step(name, place < now, place == now) for place, name in enumerate(STEPS)]


def steps_of(import_: Import) -> list[Step]:
    """Nothing once it is through: then the page says what came of it."""
    now = _STEP_OF.get(Status(import_.status))
    return [] if now is None else steps(now)


def tabs_of(import_: Import) -> list[Tab]:
    """Those that have rows, and all of them. No query."""
    tabs = [
        Tab(ERRORS, "Problems", import_.rows_error),
        Tab(WARNED, "To look at", import_.rows_warned),
        Tab(MATCHES, "Matches" if import_.status == Status.READY else "Known", import_.rows_match),
        Tab(NEW, "New", import_.rows_new),
        Tab(LEFT_OUT, "Left out", import_.rows_skip),
        Tab(ALL, "All", import_.rows_total),
    ]
    return [tab for tab in tabs if tab.count or tab.key == ALL]


def tab_asked(import_: Import, key: str) -> str:
    """The tab of that name where it has rows; else what needs a look, and all of what is over."""
    keys = [tab.key for tab in tabs_of(import_)]
    first = keys[0] if import_.status == Status.READY else ALL
    return key if key in keys else first


def page_of_rows(import_: Import, tab: str, after: int) -> tuple[list[Shown], int | None]:
    """The rows behind the one with that number, and the number to go on from. Two queries."""
    rows = of_tab(import_, tab).filter(number__gt=after).order_by("number")
    found = list(rows.select_related("match", "client")[: PAGE + 1])
    shown = [shown_of(import_, row) for row in found[:PAGE]]
    return shown, found[PAGE - 1].number if len(found) > PAGE else None


def of_tab(import_: Import, tab: str) -> RowQuerySet:
    rows: RowQuerySet = import_.rows.all()
    decisions = {MATCHES: Decision.MATCH, NEW: Decision.NEW, LEFT_OUT: Decision.SKIP}
    if tab == ERRORS:
        return rows.with_errors()
    if tab == WARNED:
        return rows.warned()
    return rows.of_decision(decisions[tab]) if tab in decisions else rows


def shown_of(import_: Import, row: Row) -> Shown:
    allowed = choices_for(row) if import_.status == Status.READY else []
    return Shown(row, [(each, words_for(row, each)) for each in allowed])


def samples_of(import_: Import) -> list[list[str]]:
    """For each column up to three texts that stand in it. One query."""
    rows = import_.rows.order_by("number").values_list("raw", flat=True)[:_READ_FOR_SAMPLES]
    read = list(rows)
    return [_samples(read, place) for place in range(len(import_.columns))]


@dataclass(frozen=True)
class Stayed:
    """A client who stayed when the import was taken back."""

    client: Client
    why: str


def stayed_of(import_: Import) -> list[Stayed]:
    """In the order in which they stand in the file. One query."""
    found = Client.objects.in_bulk([pk for pk, _ in import_.stayed])
    return [Stayed(found[pk], why) for pk, why in import_.stayed if pk in found]


def _samples(rows: Sequence[list[str]], place: int) -> list[str]:
    texts = (str(row[place]).strip() for row in rows if place < len(row))
    return list(dict.fromkeys(text for text in texts if text))[:SAMPLES]
