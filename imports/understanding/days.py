"""Days as other programs and spreadsheets write them."""

import datetime as dt
import re

from django.conf import settings

from imports.understanding.problems import Wrong

MONTH_FIRST = {"US", "CA", "PH"}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ].*)?", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})( \d{1,2}:.*)?", re.ASCII)
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.ASCII | re.IGNORECASE)
_NAMED_SECOND = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4})", re.ASCII | re.IGNORECASE)
_MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_COUNTED = re.compile(r"[3-7]\d{4}", re.ASCII)
_COUNTED_FROM = dt.date(1899, 12, 30)
"""Spreadsheets count days; a cell that lost its format shows the count: 46024 is 2026-01-02."""


def day(text: str) -> dt.date:
    """2026-11-24, 11/24/2026, 24.11.2026, Nov 24, 2026, 24-Nov-2026, 46350. Raises Wrong.

    Which of two numbers is the month follows from where the salon is (PHONE_REGION).
    """
    try:
        if iso := _ISO.fullmatch(text):
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
        if parts := _PARTS.fullmatch(text):
            first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
            is_month_first = parts[2] != "." and settings.PHONENUMBER_DEFAULT_REGION in MONTH_FIRST
            month, date = (first, second) if is_month_first else (second, first)
            return dt.date(year, month, date)
        if named := _NAMED_FIRST.fullmatch(text):
            return dt.date(int(named[3]), _month(named[1]), int(named[2]))
        if named := _NAMED_SECOND.fullmatch(text):
            return dt.date(int(named[3]), _month(named[2]), int(named[1]))
        if _COUNTED.fullmatch(text):
            return _COUNTED_FROM + dt.timedelta(days=int(text))
    except ValueError:
        pass
    raise Wrong(f"“{text[:60]}” is no day. Write it like 2026-11-24.")


def _month(name: str) -> int:
    """Raises ValueError."""
    found = [month.startswith(name.lower()) for month in _MONTHS]
    return found.index(True) + 1
