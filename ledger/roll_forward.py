"""How a figure came from one day to another: opening, each flow, closing; whole or by a part.

Minor units of what is owed to clients: above zero, more is owed.
"""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property

from ledger.kinds import Flow

ORDER = [
    Flow.SOLD,
    Flow.DEPOSIT,
    Flow.MEMBERSHIP,
    Flow.REFUNDED_IN,
    Flow.GOODWILL,
    Flow.IMPORTED,
    Flow.CORRECTED,
    Flow.USED,
    Flow.SETTLED,
    Flow.REFUNDED_OUT,
    Flow.FORFEITED,
    Flow.EXPIRED,
]
INCREASES = frozenset(ORDER[:6])


@dataclass(frozen=True)
class Part:
    """What one set moved. `is_before`: before the period. `location_id`: where it happened."""

    flow: str
    source: str
    holder_id: int | None
    sold_at_id: int | None
    location_id: int
    is_held: bool
    is_before: bool
    amount: int


@dataclass(frozen=True)
class Step:
    """One flow of the statement; `sources` add up to its amount."""

    flow: Flow
    amount: int
    sources: dict[str, int]


@dataclass(frozen=True)
class Group:
    """The same roll-forward for one source, merchant account or location.

    `came_in`, `used` and `other` have their sign; `transferred` is of locations alone.
    """

    key: Hashable
    opening: int
    came_in: int
    used: int
    other: int
    closing: int
    held: int
    transferred: int = 0


@dataclass(frozen=True)
class RollForward:
    """Client credit's, or the gift cards'. `place`: what was sold there, and used anywhere."""

    parts: tuple[Part, ...]
    place_id: int | None = None

    @cached_property
    def _own(self) -> list[Part]:
        wanted = self.place_id
        return [part for part in self.parts if wanted is None or part.sold_at_id == wanted]

    @property
    def opening(self) -> int:
        return sum(part.amount for part in self._own if part.is_before)

    @property
    def closing(self) -> int:
        return sum(part.amount for part in self._own)

    @property
    def held(self) -> int:
        """What of the closing figure is set aside for visits."""
        return sum(part.amount for part in self._own if part.is_held)

    @property
    def free(self) -> int:
        return self.closing - self.held

    @cached_property
    def steps(self) -> list[Step]:
        """Every flow that moved anything, in the statement's order. Of a location: what was used
        there, wherever it was sold; `transferred_in` and `transferred_out` make up for it."""
        moved = [part for part in self._own if not part.is_before and part.flow != Flow.USED]
        moved += [part for part in self.parts if not part.is_before and self._is_used_here(part)]
        found = []
        for flow in ORDER:
            sources: Counter[str] = Counter()
            for part in moved:
                if part.flow == flow:
                    sources[part.source] += part.amount
            kept = {source: cents for source, cents in sources.items() if cents}
            if kept:
                found.append(Step(flow, sum(kept.values()), kept))
        return found

    def _is_used_here(self, part: Part) -> bool:
        here = self.place_id is None or part.location_id == self.place_id
        return part.flow == Flow.USED and here

    @property
    def transferred_in(self) -> int:
        """Used here, and sold at other locations: they hand over the debt that this use pays."""
        return -sum(
            part.amount
            for part in self.parts
            if not part.is_before and self._is_used_here(part) and self._is_elsewhere(part)
        )

    @property
    def transferred_out(self) -> int:
        """Sold here and used at other locations, below zero."""
        return sum(
            part.amount
            for part in self._own
            if self.place_id is not None
            and not part.is_before
            and part.flow == Flow.USED
            and part.location_id != self.place_id
        )

    def _is_elsewhere(self, part: Part) -> bool:
        return self.place_id is not None and part.sold_at_id != self.place_id

    def by_source(self) -> list[Group]:
        return self._grouped(lambda part: part.source)

    def by_holder(self) -> list[Group]:
        """By whose merchant account has the cash; key None: the house."""
        return self._grouped(lambda part: part.holder_id)

    def by_location(self) -> list[Group]:
        """By where it was sold; used where it was used."""
        groups = []
        for key in dict.fromkeys(part.sold_at_id for part in self.parts):
            one = RollForward(self.parts, key)
            group = _group(key, one._own)
            used = sum(step.amount for step in one.steps if step.flow == Flow.USED)
            groups.append(replace(group, used=used, transferred=group.used - used))
        users = {part.location_id for part in self.parts if part.flow == Flow.USED}
        for key in sorted(users - {group.key for group in groups}):
            one = RollForward(self.parts, key)
            groups.append(Group(key, 0, 0, -one.transferred_in, 0, 0, 0, one.transferred_in))
        return [group for group in groups if _is_anything(group)]

    def _grouped(self, key: Callable[[Part], Hashable]) -> list[Group]:
        keys = dict.fromkeys(key(part) for part in self._own)
        groups = [_group(each, [part for part in self._own if key(part) == each]) for each in keys]
        return [group for group in groups if _is_anything(group)]


def _group(key: Hashable, parts: list[Part]) -> Group:
    moved = [part for part in parts if not part.is_before]
    came_in = sum(part.amount for part in moved if part.flow in INCREASES)
    used = sum(part.amount for part in moved if part.flow == Flow.USED)
    return Group(
        key=key,
        opening=sum(part.amount for part in parts if part.is_before),
        came_in=came_in,
        used=used,
        other=sum(part.amount for part in moved) - came_in - used,
        closing=sum(part.amount for part in parts),
        held=sum(part.amount for part in parts if part.is_held),
    )


def _is_anything(group: Group) -> bool:
    return any(
        (group.opening, group.came_in, group.used, group.other, group.closing, group.transferred)
    )
