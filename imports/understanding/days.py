"""Days as other programs and spreadsheets write them."""

import datetime as dt
import re

from django.conf import settings

from imports.understanding.problems import Wrong

MONTH_FIRST = {"US", "CA", "PH"}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ].*)?", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)


def day(text: str) -> dt.date:
    """2026-11-24, 11/24/2026, 24.11.2026. Raises Wrong.

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
    except ValueError:
        pass
    raise Wrong(f"“{text[:60]}” is no day. Write it like 2026-11-24.")
