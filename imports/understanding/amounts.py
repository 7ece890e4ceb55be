"""Balances as other programs and spreadsheets write them, in minor units."""

import re
import unicodedata
from decimal import Decimal
from functools import cache

from moneyed import get_currency

from imports.understanding.problems import Wrong
from salon import said
from salon.forms import MOST
from salon.money import currency, money

_NOTHING = {"", "-", "–", "—", "−", "n/a", "none", "null"}
_SIGN = re.compile(r"[-−–]")
_POINT = re.compile(r"(\d{1,3}(,\d{3})+|\d*)(\.\d*)?", re.ASCII)
_QUOTES = re.compile(r"\d{1,3}(['’]\d{3})+(\.\d*)?", re.ASCII)
_COMMA = re.compile(r"(\d{1,3}(\.\d{3})+|\d*),\d{1,2}|\d{1,3}(\.\d{3}){2,}", re.ASCII)


def amount(text: str) -> int:
    """Minor units, below zero for what is owed: "$1,234.50", "(12.00)", "-12", "1.234,50".

    Raises Wrong for what is no amount, or could be two.
    """
    if not text:
        return 0
    bare, is_negative = _unsigned(text)
    if bare.lower() in _NOTHING:
        return 0
    if len(bare) > 30 or not any(letter.isdigit() for letter in bare):
        raise _no_amount(text)
    if _POINT.fullmatch(bare):
        found = Decimal(bare.replace(",", ""))
    elif _QUOTES.fullmatch(bare):
        found = Decimal(re.sub("['’]", "", bare))
    elif _COMMA.fullmatch(bare):
        found = Decimal(bare.replace(".", "").replace(",", "."))
    else:
        raise _no_amount(text)
    return -_minor(found, text) if is_negative else _minor(found, text)


def _unsigned(text: str) -> tuple[str, bool]:
    code, sign = currency(), _sign_of(currency())
    bare = "".join(text.split()).replace(code, "").replace(f"{code[:2]}{sign}", "")
    bare = bare.replace(sign, "")
    in_brackets = len(bare) > 2 and bare.startswith("(") and bare.endswith(")")
    if in_brackets:
        bare = bare[1:-1]
    has_sign = len(bare) > 1 and bool(_SIGN.match(bare) or _SIGN.match(bare[-1]))
    if has_sign:
        bare = bare[1:] if _SIGN.match(bare) else bare[:-1]
    if in_brackets and has_sign:
        raise _no_amount(text)
    return bare, in_brackets or has_sign


def _minor(found: Decimal, text: str) -> int:
    scaled = found * get_currency(currency()).sub_unit
    if scaled != int(scaled):
        raise Wrong(
            f"“{text}” has more digits after the point than {currency()} has. "
            "Write it like 1234.50."
        )
    if found > MOST:
        most = said.amount(money(MOST * get_currency(currency()).sub_unit))
        raise Wrong(f"“{text}” is more than {most}, the most that a balance can be.")
    return int(scaled)


def _no_amount(text: str) -> Wrong:
    if text.startswith("="):
        return Wrong(f"“{text[:60]}” is a formula. Paste its value in its place.")
    own = _sign_of(currency())
    if any(unicodedata.category(letter) == "Sc" and letter not in own for letter in text):
        return Wrong(f"“{text[:60]}” is in another currency. Write it in {currency()}.")
    return Wrong(f"“{text[:60]}” is no amount. Write it like 1234.50, or −12.00 for what is owed.")


@cache
def _sign_of(code: str) -> str:
    """The money sign: "$". Formatting an amount takes longer than all else of a row."""
    return said.amount(money(0, code)).strip("0.,\xa0 ")
