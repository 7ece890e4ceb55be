"""Where the lines come from. Each app adds its own in AppConfig.ready():

    sources.add(sources.Source("money", "Money", find=entries))

`find(wanted, before, limit)` answers with at most `limit` records that are wanted, the newest first
(`Spot`s falling), older than `before` where that is given. It asks a fixed number of queries.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from salon.auditing.records import Record, Spot, Wanted
from salon.models import Till

Find = Callable[[Wanted, Spot | None, int], Sequence[Record]]
AT_ONCE = 500
"""Records of a source that are read at a time for a file."""


@dataclass(frozen=True)
class Source:
    """`key` is short and stays: it stands in addresses."""

    key: str
    label: str
    find: Find


_sources: dict[str, Source] = {}


def add(source: Source) -> None:
    """Let the list go through it, too."""
    _sources[source.key] = source


def sources() -> list[Source]:
    return sorted(_sources.values(), key=lambda source: source.label)


def newest(wanted: Wanted, before: Spot | None, limit: int) -> list[Record]:
    """The newest records of all sources, or of the one that is wanted."""
    asked = [each for each in _sources.values() if wanted.source in ("", each.key)]
    found = [each.find(wanted, before, limit) for each in asked]
    return heapq.nlargest(limit, (record for some in found for record in some), key=_spot)


def every(wanted: Wanted) -> Iterator[Record]:
    """All of them, read part by part: for a file."""
    before = None
    while part := newest(wanted, before, AT_ONCE):
        yield from part
        before = part[-1].spot


@dataclass(frozen=True)
class Columns:
    """Where a table has what is looked for; "" for what is not kept with its rows.

    `texts` are looked through for each word. A client's `search` is kept folded.
    """

    at: str
    staff: str = ""
    place: str = ""
    till: str = ""
    texts: tuple[str, ...] = ()

    def wanted(self, rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
        """Those that are looked for. None of what has no till, where a till is asked for."""
        rows = rows.filter(**{f"{self.at}__gte": wanted.start, f"{self.at}__lt": wanted.end})
        asked = [(self.staff, wanted.staff), (self.place, wanted.place), (self.till, wanted.till)]
        for column, value in asked:
            if value is not None:
                rows = rows.filter(**{column: value}) if column else rows.none()
        for word in wanted.words.split() if self.texts else ():
            rows = rows.filter(_says(word, self.texts))
        return rows


def page_of(
    rows: QuerySet[Any], wanted: Wanted, before: Spot | None, *, source: str, columns: Columns
) -> QuerySet[Any]:
    """The rows of a table that are wanted, in this order, older than `before`.

    Of rows of the same moment those of sources that come later in the alphabet are shown first: so
    every spot is told apart.
    """
    rows, at = columns.wanted(rows, wanted), columns.at
    if before is not None:
        older = Q(**{f"{at}__lt": before.at})
        if source < before.source:
            older |= Q(**{at: before.at})
        elif source == before.source:
            older |= Q(**{at: before.at, "pk__lt": before.pk})
        rows = rows.filter(older)
    return rows.order_by(f"-{at}", "-pk")


def placed(till: Till | None) -> tuple[str, str]:
    """A record's place and till, where the till is all that is kept; "" for none.

    Rows are read with the till's location.
    """
    return (till.location.name, till.name) if till else ("", "")


def _says(word: str, columns: tuple[str, ...]) -> Q:
    found = Q()
    for column in columns:
        looked_for = word.casefold() if column.endswith("__search") else word
        found |= Q(**{f"{column}__icontains": looked_for})
    return found


def _spot(record: Record) -> Spot:
    return record.spot
