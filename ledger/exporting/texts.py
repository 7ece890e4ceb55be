"""What people typed, as it may stand in a file that a program reads.

A note is no instruction. In hledger and ledger some signs begin a comment, a tag or a date, and in
ledger two colons even an expression that it works out. Signs of the same look stand in for these
where they would count, so that people read what was typed and programs read nothing into it.
"""

import re
import unicodedata

_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_LINES = re.compile(r"\s*(?:\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])\s*")
_SPACES = re.compile(rf"[\s{_CONTROL}]+")
_BRACKETS = {"[": "\u27e6", "]": "\u27e7"}
_COLON, _COMMA = {":": "\u2236"}, {",": "\u201a"}
_IN_WORDS = str.maketrans({";": "\uff1b", "|": "\u00a6"})
_IN_COMMENT = str.maketrans(_BRACKETS | _COLON)
_IN_VALUE = str.maketrans(_BRACKETS | _COMMA)
_NOT_IN_NAMES = re.compile(r"[:;,()\[\]{}<>\"=@*!|\\~^$]+")
_LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"}


def one_line(text: str) -> str:
    """Lines joined by a slash, runs of spaces and control characters as one space."""
    if _PLAIN.fullmatch(text):
        return text
    return _SPACES.sub(" ", _LINES.sub(" / ", text.strip())).strip()


def as_words(text: str) -> str:
    """A description in hledger and ledger: nothing after it is a comment or another payee's."""
    line = one_line(text)
    return line.translate(_IN_WORDS) if ";" in line or "|" in line else line


def as_comment(text: str) -> str:
    """A comment of hledger and ledger that has no tag, no value and no date in it."""
    return one_line(text).translate(_IN_COMMENT)


def as_value(text: str) -> str:
    """What stands after a tag's colon: all of it is that tag's, and none of it a date."""
    line = one_line(text)
    # Most have none of these, and looking is much quicker than translating.
    counts = "," in line or "[" in line or "]" in line
    return line.translate(_IN_VALUE) if counts else line


def pieces(text: str, most: int) -> list[str]:
    """A text cut into pieces of at most so many characters."""
    return [text[start : start + most] for start in range(0, len(text), most)]


def quoted(text: str) -> str:
    """A string of beancount."""
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def in_name(text: str) -> str:
    """A part of an account's name: without what hledger, ledger or a spreadsheet would act on."""
    return one_line(_NOT_IN_NAMES.sub(" ", one_line(text))).lstrip(" -+'%&/#")


def in_beancount_name(text: str) -> str:
    """A part of an account's name in beancount: letters, digits and hyphens, a capital first."""
    plain = unicodedata.normalize("NFC", in_name(text))
    words = "".join(
        each if unicodedata.category(each) in _LETTERS else " " for each in plain
    ).split()
    part = "-".join(words)
    if not part:
        return ""
    part = part[0].upper() + part[1:]
    return part if unicodedata.category(part[0]) in ("Lu", "Nd") else f"X-{part}"
