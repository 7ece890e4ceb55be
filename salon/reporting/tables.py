"""A table of a report: made once, shown as a page, on paper and as a file."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from djmoney.money import Money

from salon import said

Value = Money | dt.date | dt.datetime | int | str | None


class Kind(StrEnum):
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    MONEY = "money"
    COUNT = "count"


@dataclass(frozen=True)
class Column:
    """`is_title`: what a row is called, first on a phone; `is_amount`: the figure beside it there.

    `hide_zero`: an amount or a count of nothing is left blank on the page; a file has it.
    `is_extra`: where the page is too narrow for all columns it stands below the row's title, with
    its label. `is_balance`: below zero it is what somebody owes, and the page says so in words.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    is_title: bool = False
    is_amount: bool = False
    hide_zero: bool = False
    is_extra: bool = False
    is_balance: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.MONEY, Kind.COUNT)


@dataclass(frozen=True)
class Line:
    """One row: values by column key. `url`: what it opens. `note`: small, under its title.

    `links`: what single cells open besides, by column key. `is_part`: one of what the row above
    it sums up.
    """

    values: Mapping[str, Value]
    url: str = ""
    note: str = ""
    is_total: bool = False
    is_part: bool = False
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    column: Column
    value: Value
    url: str = ""

    @property
    def text(self) -> str:
        """As the page says it; a file writes the value itself."""
        value = self.value
        if value is None:
            return ""
        if isinstance(value, Money):
            if self.column.is_balance and value.amount < 0:
                return said.balance(value)
            return "" if self.column.hide_zero and not value else said.amount(value)
        if self.column.kind == Kind.COUNT and isinstance(value, int):
            return "" if self.column.hide_zero and not value else f"{value:,}"
        return str(value)


@dataclass(frozen=True)
class Table:
    """`key`: its name in the address of its file, where a page has several. `empty`: what stands
    in its place while it has no row. `older_url`: the next page of rows, where they are parted;
    `next_url` and `first_url` the same where they do not go by time."""

    columns: Sequence[Column]
    lines: Sequence[Line]
    title: str = ""
    key: str = "rows"
    note: str = ""
    empty: str = "Nothing here for these days."
    total: Line | None = None
    older_url: str = ""
    newer_url: str = ""
    next_url: str = ""
    first_url: str = ""
    file_lines: "Iterator[Line] | None" = field(default=None, compare=False)
    """All rows for the file, read as they are written, where the page shows only some."""

    @property
    def rows(self) -> list[tuple[Line, list[Cell]]]:
        return [(line, self.cells(line)) for line in self.lines]

    @property
    def total_cells(self) -> list[Cell]:
        return self.cells(self.total) if self.total else []

    @property
    def has_extra(self) -> bool:
        return any(column.is_extra for column in self.columns)

    def cells(self, line: Line) -> list[Cell]:
        return [
            Cell(column, line.values.get(column.key), line.links.get(column.key, ""))
            for column in self.columns
        ]
