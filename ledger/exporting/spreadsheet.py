"""CSV, a row for each posting: for a spreadsheet, or for what reads no journal."""

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ledger.exporting.amounts import written
from ledger.exporting.formats import Event, Leg
from ledger.exporting.rows import Span
from ledger.exporting.texts import in_name
from salon.reporting import files

COLUMNS = (
    "Date",
    "Entry",
    "Description",
    "Account",
    "Code",
    "Debit",
    "Credit",
    "Currency",
    "Lot",
    "Location",
    "Staff",
    "Reason",
    "Note",
    "Cause",
    "Reverses",
    "Key",
)


class Spreadsheet:
    label = "CSV"
    about = "For a spreadsheet, and for programs that take a table: a row for each posting."
    suffix = "csv"
    content_type = "text/csv; charset=utf-8"

    def legal(self, text: str) -> str:
        return in_name(text)

    def head(self, span: Span, currencies: Sequence[str]) -> str:
        return _text([COLUMNS])

    def declared(self, name: str, called: str) -> str:
        return ""

    def entry(self, event: Event, legs: Iterable[Leg]) -> str:
        """Figures as they are, and names of accounts, which begin with one of five words; all that
        somebody may have typed, as no formula."""
        before = (event.on, event.id, _safe(event.what))
        after = (
            _safe(event.location),
            _safe(event.staff),
            _safe(event.reason),
            event.note and files.safe(event.note),
            event.cause and files.safe(event.cause),
            event.reverses,
            event.key and files.safe(event.key),
        )
        return _text(
            (
                *before,
                to.text,
                to.code,
                written(amount, to.digits) if amount > 0 else "",
                written(-amount, to.digits) if amount < 0 else "",
                to.currency,
                lot,
                *after,
            )
            for to, amount, lot in legs
        )

    def foot(self, entries: int, postings: int) -> str:
        return ""


_safe = lru_cache(maxsize=2_000)(files.safe)
"""For what comes again and again: places, people and kinds of entry."""


def _text(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
