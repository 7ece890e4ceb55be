"""What caused an entry, as a page to open: this floor asks, upper floors answer.

An entry names its cause (`cause_kind`, `cause_id`); checkout knows a sale's page. In ready():

    causes.add("order", url_of=address_of_order, names_of=names_of_orders)
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Caused(Protocol):
    """An entry, or what was read of one."""

    @property
    def cause_kind(self) -> str: ...

    @property
    def cause_id(self) -> str: ...


@dataclass(frozen=True)
class Known:
    """How one kind of cause is found. `names_of`: ids to "Sale #1042", in one query for all.

    `ids_of`: the ids that somebody means who types "#1042", in one query or none.
    """

    url_of: Callable[[str], str | None]
    names_of: Callable[[Sequence[str]], Mapping[str, str]]
    ids_of: Callable[[str], Iterable[str]]


_known: dict[str, Known] = {}


def add(
    kind: str,
    *,
    url_of: Callable[[str], str | None],
    names_of: Callable[[Sequence[str]], Mapping[str, str]] = lambda ids: {},
    ids_of: Callable[[str], Iterable[str]] = lambda words: (),
) -> None:
    """Answer for causes of this kind. `url_of` gives None for an id that nothing has."""
    _known[kind] = Known(url_of, names_of, ids_of)


def is_known(kind: str) -> bool:
    """Whether a cause of this kind has a page."""
    return kind in _known


def url_of(kind: str, cause_id: str) -> str | None:
    """The page of one cause; None when there is none."""
    return _known[kind].url_of(cause_id) if kind in _known else None


def names_of(entries: Iterable[Caused]) -> dict[tuple[str, str], str]:
    """What the causes of these entries are called, by (kind, id). One query for each kind met."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if is_known(entry.cause_kind):
            by_kind[entry.cause_kind].add(entry.cause_id)
    return {
        (kind, cause_id): name
        for kind, ids in by_kind.items()
        for cause_id, name in _known[kind].names_of(sorted(ids)).items()
    }


def ids_of(words: str) -> list[str]:
    """The causes that somebody means who types this. One query at most for each kind."""
    return [cause_id for known in _known.values() for cause_id in known.ids_of(words)]
