"""A file comes in: it is read once, row by row, into the staged rows, and not kept."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import PurePath

from django.core.files import File
from django.db import connection, transaction

from imports.errors import Unreadable
from imports.known_columns import guess
from imports.models import Decision, Import, Progress, Row, Status
from imports.reading.tables import Table, open_table
from salon.desk import Desk


@transaction.atomic
def upload(*, file: File, desk: Desk) -> Import:
    """Stage every row of a CSV or XLSX file; its columns are guessed, and to be named next.

    The rows are streamed: memory stays flat. Raises Unreadable (field "file") for what is no
    table, is empty or too large; then nothing is kept. The same file again is another import;
    `earlier(import_)` finds the first.
    """
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    size = file.size or 0
    # A stream of Django's is no IOBase in all its kinds; what it wraps is.
    table = open_table(getattr(file, "file", None) or file, size)
    guessed = guess(table.columns)
    import_ = Import.objects.create(
        file_name=PurePath(file.name or "clients").name[:200],
        sha256=digest.hexdigest(),
        size=size,
        read_as=table.read_as,
        location=desk.location,
        uploaded_by=desk.person,
        uploaded_at=desk.at,
        columns=table.columns,
        looks_like=guessed.product,
        mapping=_used_before(table.columns) or guessed.mapping,
    )
    Progress.objects.create(of=import_)
    import_.rows_total = _stage(import_, table)
    if not import_.rows_total:
        raise Unreadable(
            "The file has a header and no rows under it. Choose another. Nothing was kept."
        )
    import_.save(update_fields=["rows_total"])
    return import_


_IS_IN = [Status.IMPORTING, Status.DONE, Status.TAKING_BACK]


def earlier(import_: Import) -> Import | None:
    """The last other import of the very same file that went in and stands. One query."""
    return (
        Import.objects.filter(sha256=import_.sha256, status__in=_IS_IN)
        .exclude(pk=import_.pk)
        .order_by("-pk")
        .first()
    )


def _used_before(columns: list[str]) -> list[str] | None:
    """What the columns were taken for when a file with this very header went in."""
    return (
        Import.objects.filter(columns=columns, confirmed_at__isnull=False)
        .order_by("-pk")
        .values_list("mapping", flat=True)
        .first()
    )


_COPY = f"copy {Row._meta.db_table} (of_id, number, raw, problems, warnings, filled, had, " + (
    "first_name, last_name, email, phone, note, reference, amount, decision) from stdin"
)


def _stage(import_: Import, table: Table) -> int:
    """Copy the rows into the database as they are read; how many there were."""
    many = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for number, cells in _texts(table):
            copy.write_row(
                (
                    import_.pk,
                    number,
                    cells,
                    "[]",
                    "[]",
                    "{}",
                    "[]",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    0,
                    Decision.NEW,
                )
            )
            many += 1
    return many


def _texts(table: Table) -> Iterator[tuple[int, str]]:
    for number, cells in table.rows:
        yield number, json.dumps(cells, ensure_ascii=False)
