"""What is going to happen in the demo salon, in order of time."""

import datetime as dt
import heapq
import itertools
from collections.abc import Callable

Act = Callable[..., None]


class Diary:
    """Acts with their moments. An act may note further ones, later than itself."""

    def __init__(self) -> None:
        self._acts: list[tuple[dt.datetime, int, Act, tuple[object, ...]]] = []
        self._order = itertools.count()

    def note(self, at: dt.datetime, act: Act, *arguments: object) -> None:
        """At that moment `act(at, *arguments)` is to be called."""
        heapq.heappush(self._acts, (at, next(self._order), act, arguments))

    def live_until(self, moment: dt.datetime) -> None:
        """Do everything that is noted before that moment. What comes later stays noted."""
        while self._acts and self._acts[0][0] < moment:
            at, _, act, arguments = heapq.heappop(self._acts)
            act(at, *arguments)
