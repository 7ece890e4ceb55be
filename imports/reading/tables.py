"""A file as a table, whichever kind it is: its header, then its rows with their numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

from imports.errors import Unreadable
from imports.known_columns import guess
from imports.reading import csv_files, xlsx_files
from imports.reading.limits import MOST_BYTES, within

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_NO_TABLES = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document",
    b"<": "a web page or XML",
}
"""How files begin that are something else, whatever they are called."""

_LOOKED_FOR_HEADER = 20
"""Rows: exports put a title and a day above the header."""


@dataclass(frozen=True)
class Table:
    """`rows`: number as a spreadsheet counts them, and the cells; empty rows are passed over."""

    read_as: str
    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]


def open_table(file: IO[bytes], size: int) -> Table:
    """The table in the file. Raises Unreadable, also while the rows are read."""
    if size == 0:
        raise Unreadable("The file is empty. Choose another. Nothing was kept.")
    if size > MOST_BYTES:
        raise Unreadable(
            f"The file is larger than {MOST_BYTES // 2**20} MB. Part it and import each part. "
            "Nothing was kept."
        )
    file.seek(0)
    start = file.read(4)
    _refuse_no_table(start)
    if start == _OLD_EXCEL:
        raise Unreadable(
            "This is a workbook of the old kind (XLS). Save it as XLSX or CSV, and upload that. "
            "Nothing was kept."
        )
    read_as, rows = (xlsx_files if start == _ZIP else csv_files).read(file)
    numbered = ((n, row) for n, row in enumerate(within(rows), 1) if any(row))
    place, header, rows_under = _parted_at_header(numbered)
    if place > 1:
        read_as = f"{read_as}, header in row {place}"
    return Table(read_as, header, rows_under)


def _refuse_no_table(start: bytes) -> None:
    for begins, what in _NO_TABLES.items():
        if start.startswith(begins[:4]):
            raise Unreadable(
                f"This is {what}, whatever its name says. Export the clients as CSV or XLSX, and "
                "upload that. Nothing was kept."
            )


def _parted_at_header(
    numbered: Iterator[tuple[int, list[str]]],
) -> tuple[int, list[str], Iterator[tuple[int, list[str]]]]:
    """Number and cells of the header, and the rows under it.

    It is the first row with two names that are known, of the first ones; else the first of all.
    """
    first = list(islice(numbered, _LOOKED_FOR_HEADER))
    if not first:
        raise Unreadable("The file has no row with text in it. Choose another. Nothing was kept.")
    at = next((at for at, (_, row) in enumerate(first) if _names_columns(row)), 0)
    number, header = first[at]
    while not header[-1]:
        header.pop()
    return number, header, chain(first[at + 1 :], numbered)


def _names_columns(row: list[str]) -> bool:
    return sum(bool(field) for field in guess(row).mapping) > 1
