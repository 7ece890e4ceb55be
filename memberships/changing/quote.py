"""One act in money and words, as its dialog shows it before it is confirmed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from djmoney.money import Money

from memberships.errors import Refused
from salon.money import money


def _nothing() -> Money:
    return money(0)


@dataclass(frozen=True)
class Quote:
    """What an act would do. With `why_not` it would be refused, and that is why.

    `due_now` is what a card is charged at once, with tax; `adds_now` what that adds to the account
    balance; `lost` what is taken from the balance when the membership ends.
    """

    title: str
    due_now: Money = field(default_factory=_nothing)
    adds_now: Money = field(default_factory=_nothing)
    lines: list[str] = field(default_factory=list)
    button: str = ""
    why_not: str = ""
    lost: Money = field(default_factory=_nothing)
    is_about: str = ""
    """The input that `why_not` is about, if it is about one."""

    @cached_property
    def stamp(self) -> str:
        """Differs as soon as anything does that it says. The dialog sends it back as `seen`."""
        told = (self.title, self.due_now, self.adds_now, self.lost, self.lines)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def check(self, seen: str) -> None:
        """Refuse where the act can't be, or where a page showed something else (`seen`, if any)."""
        if self.why_not:
            raise Refused(f"{self.why_not} Nothing was changed.", field=self.is_about)
        if seen and seen != self.stamp:
            raise stale()


def stale() -> Refused:
    return Refused(
        "This membership, or what the act comes to, has changed since the page was loaded. Nothing "
        "was changed. Look at the figures again, then confirm them."
    )
