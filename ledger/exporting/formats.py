"""The formats by name, and what each has to say."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from ledger.exporting.names import Named
from ledger.exporting.rows import Span


class Event(NamedTuple):
    """An entry, in words. `on` is 2026-11-24. `id` None: the opening balances."""

    id: int | None
    on: str
    what: str
    key: str = ""
    location: str = ""
    staff: str = ""
    reason: str = ""
    note: str = ""
    cause: str = ""
    reverses: int | None = None

    @property
    def tags(self) -> list[tuple[str, str]]:
        """What is known of it beside day, words and amounts; the note apart."""
        found = [
            ("key", self.key),
            ("location", self.location),
            ("staff", self.staff),
            ("reason", self.reason),
            ("cause", self.cause),
        ]
        return [(tag, text) for tag, text in found if text]


Leg = tuple[Named, int, int | None]
"""Account, amount in minor units (debit positive), and the lot."""


class Format(Protocol):
    """How one program wants it. All methods but `legal` give text with its last line's end."""

    label: str
    about: str
    suffix: str
    content_type: str

    def legal(self, text: str) -> str:
        """A part of an account's name as this program may read it."""

    def head(self, span: Span, currencies: Sequence[str]) -> str:
        """What stands first."""

    def declared(self, name: str, called: str) -> str:
        """An account that will be posted to; `called`: who or what that is, or nothing."""

    def entry(self, event: Event, legs: Iterable[Leg]) -> str:
        """One entry, whole."""

    def foot(self, entries: int, postings: int) -> str:
        """What stands last: who misses it has half a file."""


def said_of(span: Span) -> str:
    """From 2026-11-01 to 2026-11-30."""
    start = f"from {span.start}" if span.start else "from the beginning"
    return f"{start} to {span.end}" if span.end else f"{start} on"


def formats() -> dict[str, Format]:
    """hledger, ledger, beancount and csv."""
    from ledger.exporting import beancount, hledger, ledger_cli, spreadsheet

    return {
        "hledger": hledger.Hledger(),
        "ledger": ledger_cli.Ledger(),
        "beancount": beancount.Beancount(),
        "csv": spreadsheet.Spreadsheet(),
    }
