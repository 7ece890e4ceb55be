"""CSV files. A spreadsheet runs a cell that begins like a formula: text is written so that it is
not one; amounts are bare numbers."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from djmoney.money import Money
from moneyed import get_currency

from salon.reporting.tables import Line, Table, Value

_SIGNS = "=+\\-@＝＋－＠−﹣﹢﹦﹫"
# What stands before a sign without being seen: any space, control characters, marks of no width.
_UNSEEN = r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*"
_FORMULA = re.compile(rf"^(?=[\t\r\n]|{_UNSEEN}[{_SIGNS}])")
# Where a spreadsheet parts cells by another character than ours, a cell may begin inside of one.
_CELL_WITHIN = re.compile(rf"([;|\t\r\n])(?={_UNSEEN}[{_SIGNS}])")


def safe(text: str) -> str:
    """Text as a spreadsheet shows it: with an apostrophe before what it would take for a formula.

    OWASP's advice on CSV injection: spaces and the like hide the sign from us and not from every
    spreadsheet, and full-width signs count as the plain ones.
    """
    return _FORMULA.sub("'", _CELL_WITHIN.sub(r"\1'", text))


def as_written(value: Value) -> str:
    """A value in a file: 1200.50, 2026-11-24, 2026-11-24T15:15:00-05:00, or safe text."""
    if value is None:
        return ""
    if isinstance(value, Money):
        digits = len(str(get_currency(value.currency.code).sub_unit)) - 1
        return f"{value.amount:.{digits}f}"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return safe(value)


def rows_of(table: Table) -> Iterator[list[str]]:
    """The heading, every row, and the total where there is one."""
    yield [safe(column.label) for column in table.columns]
    lines: Iterable[Line] = table.lines if table.file_lines is None else table.file_lines
    for line in lines:
        yield [as_written(cell.value) for cell in table.cells(line)]
    if table.total:
        yield [as_written(cell.value) for cell in table.total_cells]


def written(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The text of a file, row by row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_response(name: str, table: Table) -> StreamingHttpResponse:
    """The table as a file to keep, sent while it is read. UTF-8 with a mark that Excel needs."""
    response = StreamingHttpResponse(
        _with_mark(written(rows_of(table))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _with_mark(texts: Iterator[str]) -> Iterator[str]:
    yield "\ufeff"
    yield from texts
