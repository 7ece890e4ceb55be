"""Workbooks: the rows of the first sheet that has any. Nothing in them is run or worked out."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import ParseError  # nosec B405

from imports.errors import Unreadable
from imports.reading.limits import MOST_BYTES, MOST_UNPACKED

NO_WORKBOOK = (
    "The file is no workbook that can be read. Open it in your spreadsheet program, save it as "
    "XLSX or CSV, and upload that. Nothing was kept."
)
TOO_LARGE = (
    "The workbook unpacks to more than may be read. Save the sheet with the clients as CSV, and "
    "upload that. Nothing was kept."
)


def read(file: IO[bytes]) -> tuple[str, Iterator[list[str]]]:
    """How it was read, in words, and its rows. Raises Unreadable, also while reading."""
    _refuse_bombs(file)
    return "XLSX", _rows(file)


def _refuse_bombs(file: IO[bytes]) -> None:
    """Look at what the parts unpack to, without unpacking, and for what XML can blow up by."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            sizes = {part.filename: part.file_size for part in parts.infolist()}
            # Shared texts are kept in memory whole; sheets are gone through.
            shared = sum(size for name, size in sizes.items() if "sheet" not in name.lower())
            if sum(sizes.values()) > MOST_UNPACKED or shared > MOST_BYTES or len(sizes) > 2000:
                raise Unreadable(TOO_LARGE)
            for part in parts.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_entities(parts, part)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise Unreadable(NO_WORKBOOK) from error


def _refuse_entities(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Entities stand before the first element, and no workbook has any."""
    with parts.open(part) as opened:
        start = opened.read(4096).replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise Unreadable(NO_WORKBOOK)


def _rows(file: IO[bytes]) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    file.seek(0)
    try:
        # A formula is read as its text: what it came to elsewhere may be old, or missing.
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in book.worksheets:
                # What a sheet says of its own size is not to be trusted.
                sheet.reset_dimensions()
                some = False
                for row in sheet.iter_rows(values_only=True):
                    some = some or any(cell is not None for cell in row)
                    yield [_text(cell) for cell in row]
                if some:
                    return
        finally:
            book.close()
    except (InvalidFileException, ParseError, KeyError, ValueError, TypeError, OSError,
            zipfile.BadZipFile, EOFError, IndexError, AttributeError) as error:  # fmt: skip
        raise Unreadable(NO_WORKBOOK) from error


def _text(cell: Any) -> str:
    """A cell as text. A phone that became 12125550101.0 is 12125550101 again."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        # The fifteen digits that a spreadsheet shows of it, never in powers of ten.
        exact = Decimal(f"{cell:.15g}")
        return str(int(exact)) if exact == exact.to_integral_value() else f"{exact:f}"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return str(cell)
