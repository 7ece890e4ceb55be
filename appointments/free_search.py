"""Who fits where on one day, on whole minutes since 1970: the search behind free_times.py."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from appointments.models import AppointmentService

Span = tuple[int, int]
"""From and until, in minutes; the end is outside."""
FIVE = 5


@dataclass(frozen=True)
class Stint:
    """How long a service takes somebody, and what they keep free around it; minutes."""

    before: int
    length: int
    after: int

    @classmethod
    def of(cls, row: AppointmentService) -> Stint:
        """Of a service as it is laid out; its buffers are the service's own."""
        return cls(
            row.service.buffer_before,
            int((row.ends_at - row.starts_at).total_seconds()) // 60,
            row.service.buffer_after,
        )


@dataclass(frozen=True)
class Wish:
    """One service: who could give it, by id, in order of name."""

    stints: dict[int, Stint]
    by_anyone: bool = False


@dataclass
class Free:
    """What one person has free on one day: spans by time that do not touch."""

    work: list[Span]
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    load: int = 0
    """Minutes that the book has of theirs that day."""

    def fits(self, since: int, until: int) -> bool:
        place = bisect_right(self.starts, since) - 1
        return place >= 0 and self.ends[place] >= until


class Search:
    """Who can give which service from which minute, on one day."""

    def __init__(self, wishes: Sequence[Wish], free: dict[int, Free]) -> None:
        self._free = free
        self._orders = [
            sorted((pk for pk in wish.stints if pk in free), key=lambda pk: free[pk].load)
            for wish in wishes
        ]
        self._wishes = wishes
        self._who: dict[tuple[int, int], list[int]] = {}
        self._alone = self._who_could_do_all()

    def candidates(self, every: int) -> list[int]:
        """Starts at which somebody could give the first service, by time."""
        first = self._wishes[0]
        found: set[int] = set()
        for pk in self._orders[0]:
            free, stint = self._free[pk], first.stints[pk]
            for since, until in zip(free.starts, free.ends, strict=True):
                soonest, latest = since + stint.before, until - stint.length
                begins = max(start for start, _ in free.work if start <= since)
                found.update(range(soonest + (begins - soonest) % every, latest + 1, every))
                # Right behind what was there before: no gap stays between the two.
                if not first.by_anyone and since != begins and soonest % FIVE == 0:
                    found.update([soonest] if soonest <= latest else [])
        return sorted(found)

    def staff_at(self, start: int) -> tuple[int, ...] | None:
        """Who gives each service when the visit starts then; None where it does not fit."""
        for pk in self._alone:
            chosen = self._with_one(pk, start)
            if chosen is not None:
                return chosen
        return self._from(0, start, None)

    def _who_could_do_all(self) -> list[int]:
        """Who could give everything that anyone may give: first who gives another part anyhow."""
        open_ = [
            order for wish, order in zip(self._wishes, self._orders, strict=True) if wish.by_anyone
        ]
        if not open_:
            return []
        named = {
            pk
            for wish, order in zip(self._wishes, self._orders, strict=True)
            for pk in order
            if not wish.by_anyone
        }
        everywhere = set(open_[0]).intersection(*open_[1:])
        return sorted(
            (pk for pk in open_[0] if pk in everywhere), key=lambda pk: (pk not in named,)
        )

    def _with_one(self, pk: int, start: int) -> tuple[int, ...] | None:
        chosen: list[int] = []
        for wish, order in zip(self._wishes, self._orders, strict=True):
            if not order:
                return None
            chosen.append(pk if wish.by_anyone else order[0])
        return tuple(chosen) if self._fit(chosen, start) else None

    def _fit(self, chosen: Sequence[int], start: int) -> bool:
        """Whether services one after another from `start` fit with exactly these people."""
        for place, pk in enumerate(chosen):
            stint = self._wishes[place].stints[pk]
            is_same_before = place > 0 and chosen[place - 1] == pk
            is_same_after = place + 1 < len(chosen) and chosen[place + 1] == pk
            since = start - (0 if is_same_before else stint.before)
            until = start + stint.length + (0 if is_same_after else stint.after)
            if not self._free[pk].fits(since, until):
                return False
            start += stint.length
        return True

    def _from(self, place: int, start: int, before: int | None) -> tuple[int, ...] | None:
        """Who gives the services from `place` on; `before` gave the one before.

        Whoever goes on comes first: between two services of one person nothing is kept free.
        """
        if place == len(self._wishes):
            return ()
        stints = self._wishes[place].stints
        for pk in self._who_fits(place, start, before):
            stint = stints[pk]
            until = start + stint.length
            rest = self._from(place + 1, until, pk)
            if rest is None:
                continue
            if (rest and rest[0] == pk) or self._free[pk].fits(start, until + stint.after):
                return (pk, *rest)
        return None

    def _who_fits(self, place: int, start: int, before: int | None) -> list[int]:
        """Who has the service's own minutes free, and those before it where somebody else gave
        the last service."""
        stints = self._wishes[place].stints
        key = place, start
        if key not in self._who:
            self._who[key] = [
                pk
                for pk in self._orders[place]
                if self._free[pk].fits(start - stints[pk].before, start + stints[pk].length)
            ]
        who = self._who[key]
        if before is None or before not in stints or before not in self._free:
            return who
        if self._free[before].fits(start, start + stints[before].length):
            return [before, *(pk for pk in who if pk != before)]
        return who
