"""Codes of gift cards: made, typed, scanned, and shown.

An e-mailed or printed card gets 16 characters of an alphabet without look-alikes, some 78 bits: it
cannot be guessed. A card of plastic has the number that stands on it.
"""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1, I and L, and U, which is taken for V."""
LENGTH = 16
SHORTEST, LONGEST = 6, 32
"""Of a number that stands on a card."""

_BETWEEN = re.compile(r"[\s.\-–—_/]+")
_CODE = re.compile(rf"[0-9A-Z]{{{SHORTEST},{LONGEST}}}")


def new_code() -> str:
    """A code that nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalized(typed: str) -> str:
    """As it is stored: capitals and digits, without what stands between them."""
    return _BETWEEN.sub("", typed).upper()


def is_well_formed(code: str) -> bool:
    """Whether a normalized code could be on a card at all."""
    return _CODE.fullmatch(code) is not None


def in_groups(code: str) -> str:
    """As people read it: 7K2M-XQ4D-9RTB-H3WP."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def masked(code: str) -> str:
    """What tells it from others without giving it away: •••• 7K2M."""
    return f"•••• {code[-4:]}"
