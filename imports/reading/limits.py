"""How large a file may be: beyond, it is refused before memory or patience runs out."""

from collections.abc import Iterable, Iterator

from imports.errors import Unreadable

MOST_BYTES = 64 * 1024 * 1024
"""Of a file, and of what a workbook unpacks to for each part that is read."""
MOST_UNPACKED = 256 * 1024 * 1024
MOST_ROWS = 250_000
MOST_COLUMNS = 200
MOST_LETTERS = 10_000
"""In one cell."""


def within(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows, as long as they are within what may be. Raises Unreadable."""
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS + 1:
            raise Unreadable(
                f"The file has more than {MOST_ROWS:,} rows. Part it and import each part. "
                "Nothing was kept."
            )
        # Spreadsheets write empty cells far to the right.
        while row and not row[-1]:
            row.pop()
        if len(row) > MOST_COLUMNS:
            raise Unreadable(
                f"Row {number} has more than {MOST_COLUMNS} columns. Is it a list of clients? "
                "Nothing was kept."
            )
        if any(len(cell) > MOST_LETTERS for cell in row):
            raise Unreadable(
                f"Row {number} has a cell with more than {MOST_LETTERS:,} letters. A quotation "
                "mark may be missing before it. Nothing was kept."
            )
        # PostgreSQL keeps no zero bytes.
        yield [cell.replace("\0", "").strip() for cell in row]
