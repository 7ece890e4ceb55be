"""The reports that there are. Each app adds its own in AppConfig.ready():

registry.add(registry.Report(key="liability", label="Client account liability", group=CREDIT,
    about="What the salon owes its clients, and how it came to that.", url_name="reports:liability",
    position=10, ties=ties))
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from salon import permissions
from salon.models import Location

CREDIT = "Account credit"
DAY = "The day"
MONEY = "Deposits and memberships"
BOOKS = "Books"
GROUPS = [DAY, CREDIT, MONEY, BOOKS]


@dataclass(frozen=True)
class Tie:
    """One figure of a report beside the trial balance's, in minor units with one sign for both."""

    what: str
    report: int
    books: int

    @property
    def is_well(self) -> bool:
        return self.report == self.books


class Ties(Protocol):
    """`place`: only what the page has with that location chosen, beside the books of just that."""

    def __call__(self, on: dt.date, place: Location | None = None) -> Sequence[Tie]: ...


@dataclass(frozen=True)
class Report:
    """`ties`: its figures as of the end of a business date, reckoned as its page does; None for
    what has no figure in the books. `ties_by_place`: also with a location chosen; else for the
    whole business alone."""

    key: str
    label: str
    about: str
    group: str
    url_name: str
    position: int
    permission: str = permissions.VIEW_REPORTS
    ties: Ties | None = None
    ties_by_place: bool = True

    @property
    def has_ties(self) -> bool:
        """For templates, which would call `ties`."""
        return self.ties is not None


_reports: dict[str, Report] = {}


def add(report: Report) -> None:
    """Let the index, the search and `manage.py tie_reports` know it."""
    _reports[report.key] = report


def find(key: str) -> Report | None:
    return _reports.get(key)


def reports() -> list[Report]:
    """All of them, in the order of the index."""
    return sorted(_reports.values(), key=lambda each: (GROUPS.index(each.group), each.position))
