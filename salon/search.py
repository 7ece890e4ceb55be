"""What the search over everything looks in. Each app adds its own in AppConfig.ready().

    search.add("Sales", find_sales, position=20)

The order of the groups is that of their positions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from salon.desk import Desk

SHORT, LONG = 6, 25
"""How many hits of one kind the popover and the page show."""


@dataclass(frozen=True)
class Hit:
    """One line: where it leads, its name, something to tell it by, a figure at the right end."""

    url: str
    name: str
    note: str = ""
    end: str = ""
    is_act: bool = False
    """It does something: pressing it sends a POST to its address."""


@dataclass(frozen=True)
class Group:
    """The hits of one kind, as components/search_results.html draws them."""

    label: str
    options: Sequence[Hit]


Find = Callable[[str, Desk, int], Sequence[Hit]]
"""find(query, desk, limit): the best hits first; none for who may not see such things."""

_sources: dict[str, tuple[int, Find]] = {}


def add(label: str, find: Find, *, position: int) -> None:
    """Look for `label` too."""
    _sources[label] = (position, find)


def find(query: str, desk: Desk, limit: int) -> list[Group]:
    """The groups that have hits, in order."""
    query = " ".join(query.split())[:100]
    if not query:
        return []
    ordered = sorted(_sources.items(), key=lambda source: source[1][0])
    groups = [Group(label, look(query, desk, limit)) for label, (_, look) in ordered]
    return [group for group in groups if group.options]
