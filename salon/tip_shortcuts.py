"""The owner's tip shortcuts, typed as "18, 20, 25"."""

import re
from decimal import Decimal

MOST = 5
"""So many buttons fit in a row on a phone."""

_NUMBER = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)


def parse(text: str) -> list[Decimal]:
    """One to five percents from 0 to 100, each once, as they were typed.

    ValueError says, in an owner's words, what is wrong.
    """
    words = [word.strip().removesuffix("%").strip() for word in text.split(",")]
    found = [_percent(word) for word in words if word]
    if not 1 <= len(found) <= MOST:
        raise ValueError(f"Enter 1 to {MOST} percents, parted by commas, like 18, 20, 25.")
    if len(set(found)) < len(found):
        raise ValueError("Enter each percent once, like 18, 20, 25.")
    return found


def written(percents: list[Decimal]) -> str:
    """18, 20, 25: how they are kept, whatever blanks were typed."""
    return ", ".join(f"{percent.normalize():f}" for percent in percents)


def _percent(word: str) -> Decimal:
    if not _NUMBER.fullmatch(word) or Decimal(word) > 100:
        raise ValueError(
            f"“{word[:20]}” is not a percent from 0 to 100. Write them like 18, 20, 25."
        )
    return Decimal(word)
