"""What merging two clients consists of: this floor asks, upper floors answer.

Each app that keeps something of a client adds a part in its AppConfig.ready():

    merge_parts.add(MoneyPart())

A part says what both have and what comes of it, why it cannot be, and does its share. Merging asks
in this order, inside one transaction: every part locks its rows, upper floors first, as everywhere;
the two clients are locked; every part shows and refuses anew; then each does its share, lower
floors first. What is shown and what is done comes of the same preview.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from clients.models import Client
from salon.desk import Desk


@dataclass(frozen=True)
class Pair:
    """`gone` is merged into `kept`. `choices`: what was chosen where the two differ."""

    gone: Client
    kept: Client
    desk: Desk
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One figure of both, and the result, in words. `kind`: credit, held or owes, colors it."""

    label: str
    gone: str
    kept: str
    result: str
    kind: str = ""


@dataclass(frozen=True)
class Item:
    """One thing that a client has, for the list below the figures. `source` colors a swatch."""

    title: str
    note: str = ""
    amount: str = ""
    source: str = ""


@dataclass(frozen=True)
class Preview:
    """What one part shows. `outcome` is what the button repeats; `stamp` tells a change since."""

    rows: Sequence[Row] = ()
    gone_items: Sequence[Item] = ()
    kept_items: Sequence[Item] = ()
    notes: Sequence[str] = ()
    outcome: str = ""
    stamp: str = ""


@dataclass(frozen=True)
class Obstacle:
    """Why it cannot be, and the page where that is mended."""

    text: str
    url: str = ""
    link: str = ""


class Part:
    """One app's share of a merge. Subclass it; what is not overridden does nothing."""

    position: int = 50
    """Lower floors have lower ones: 10 clients, 20 appointments, 30 ledger, 40 checkout."""
    is_shown_first: bool = False
    """What people look at before all else: the money."""

    def lock(self, pair: Pair) -> None:
        """Lock what the share will write, in the order in which this app's own acts lock it."""

    def preview(self, pair: Pair) -> Preview:
        """What both have, and the result. Reads only, in a fixed number of queries."""
        return Preview()

    def obstacles(self, pair: Pair) -> Iterable[Obstacle]:
        """Why these two cannot be merged now."""
        return ()

    def merge(self, pair: Pair, preview: Preview) -> None:
        """Do it. `preview` is this part's own, made after locking. May raise StaleMerge."""


_parts: list[Part] = []


def add(part: Part) -> None:
    """Ask this part too; again with the same class replaces it."""
    _parts[:] = [known for known in _parts if type(known) is not type(part)]
    _parts.append(part)


def parts() -> list[Part]:
    """All parts, lower floors first."""
    return sorted(_parts, key=lambda part: part.position)
