"""What the till's page shows: what should be in the drawer now, and how it came to that."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from djmoney.money import Money

from checkout.models import TillSession
from checkout.tills.figures import Figures, Moved, expected_in, figures_of, moved_in
from checkout.tills.sessions import open_sessions, sessions_of
from salon.desk import Desk
from salon.models import Till
from salon.money import minor, money

LATEST = 6
"""Sessions under the figures."""


@dataclass(frozen=True)
class Tab:
    """One till of the location, for components/tabs.html."""

    label: str
    url: str
    current: bool


class TillPage:
    """A till as its page draws it. Five queries while it is open, three while it is not."""

    def __init__(self, till: Till, tills: list[Till], desk: Desk) -> None:
        """`tills`: those of the location that are in use."""
        self.till = till
        self.tills = tills
        self.desk = desk

    @cached_property
    def session(self) -> TillSession | None:
        """What is open there now."""
        return open_sessions([self.till]).get(self.till.pk)

    @cached_property
    def figures(self) -> Figures | None:
        return figures_of(self.session) if self.session else None

    @cached_property
    def expected(self) -> Money:
        """What should be in the drawer now; below zero when more went out than came."""
        if self.figures is not None:
            return self.figures.expected
        return money(expected_in(self.till))

    @property
    def expected_minor(self) -> int:
        """What a form of this page carries, so that cash since then is told."""
        return minor(self.expected)

    @property
    def is_below_zero(self) -> bool:
        return self.expected.amount < 0

    @cached_property
    def moved(self) -> list[Moved]:
        return moved_in(self.session) if self.session else []

    @cached_property
    def latest(self) -> list[TillSession]:
        """The last sessions that were closed here."""
        page = sessions_of(self.desk.location, till=self.till, limit=LATEST)
        return [session for session in page.sessions if not session.is_open]

    @property
    def is_ours(self) -> bool:
        """Cash on this device goes to it."""
        return self.desk.till == self.till

    @property
    def tabs(self) -> list[Tab]:
        return [
            Tab(till.name, reverse("checkout:till_of", args=[till.pk]), till == self.till)
            for till in self.tills
        ]
