"""Text files: which letters they are written in, what parts their columns, their rows."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from imports.errors import Unreadable

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_LOOKED_AT = 64 * 1024


def encoding_of(file: IO[bytes]) -> tuple[str, str]:
    """How Python and how people call the letters of the file. Reads all of it, in pieces."""
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "UTF-16"
    if len(start) == 4 and start[1] == start[3] == 0 and start[0]:
        return "utf-16-le", "UTF-16"
    if len(start) == 4 and start[0] == start[2] == 0 and start[1]:
        return "utf-16-be", "UTF-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(1 << 20):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        # Letters that it lacks become question marks, where the owner sees them.
        return "cp1252", "Windows-1252"
    return "utf-8-sig", "UTF-8"


def delimiter_of(sample: str) -> str:
    """What parts the columns: what stands most often in the first row, outside of quotes."""
    quoted, counts = False, dict.fromkeys(DELIMITERS, 0)
    for letter in sample:
        if letter == '"':
            quoted = not quoted
        elif letter in "\r\n" and not quoted and any(counts.values()):
            break
        elif letter in counts and not quoted:
            counts[letter] += 1
    return max(counts, key=lambda delimiter: counts[delimiter])


def read(file: IO[bytes]) -> tuple[str, Iterator[list[str]]]:
    """How it was read, in words, and its rows. Raises Unreadable while reading."""
    encoding, called = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    delimiter = delimiter_of(text.read(_LOOKED_AT))
    text.seek(0)
    return f"CSV, {called}, with {DELIMITERS[delimiter]}", _rows(text, delimiter)


def _rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(text, delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable(
            f"The file is no table that can be read ({error}). Save it as CSV or XLSX anew. "
            "Nothing was kept."
        ) from error
    finally:
        # The file is the caller’s to close, who may have done so.
        with suppress(ValueError):
            text.detach()
