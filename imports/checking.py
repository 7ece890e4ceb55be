"""Each row understood: what is wrong with it, who it is, and what will become of it."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from django.db import connection, transaction

from imports import already, matching
from imports.counting import recount
from imports.models import Import, Status
from imports.progress import Telling, telling
from imports.understanding.rows import Reader
from salon import clock

AT_ONCE = 1000


def check(import_: Import) -> Import:
    """Parse and judge every row; then it is READY. Run by the worker; again starts anew.

    One transaction, rows by the thousand: memory stays flat. Locks the import; one that is not to
    be checked any more stays as it is.
    """
    with telling(import_) as told, transaction.atomic():
        locked = Import.objects.select_for_update(no_key=True).get(pk=import_.pk)
        if locked.status != Status.CHECKING:
            return locked
        _understand(locked, told)
        told.begin("Looking for people whom the salon knows", 0)
        matching.match(locked)
        already.mark(locked)
        recount(locked)
        locked.status = Status.READY
        locked.save(update_fields=["status", "seen"])
    return locked


def _understand(import_: Import, told: Telling) -> None:
    reader = Reader(
        import_.mapping, import_.expires_on, clock.business_date(import_.location, clock.now())
    )
    told.begin("Reading the rows", import_.rows_total)
    for batch in batches(import_):
        found = [{"number": number, **asdict(reader.read(cells))} for number, cells in batch]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [json.dumps(found, default=str), import_.pk])
        told.add(len(batch))


def batches(import_: Import) -> Iterator[list[tuple[int, list[str]]]]:
    """Number and cells of all rows, by the thousand."""
    after = 0
    while batch := list(
        import_.rows.filter(number__gt=after)
        .order_by("number")
        .values_list("number", "raw")[:AT_ONCE]
    ):
        yield batch
        after = batch[-1][0]


_WRITE = """
update imports_row r set
    first_name = f.first_name, last_name = f.last_name, email = f.email, phone = f.phone,
    note = f.note, reference = f.reference, amount = f.amount, expires_on = f.expires_on,
    problems = f.problems, warnings = f.warnings, match_id = null, same_as = null, had = '[]',
    decision = case when f.problems = '[]' then 'new' else 'error' end
from jsonb_to_recordset(%s::jsonb) as f (
    number int, first_name text, last_name text, email text, phone text, note text,
    reference text, amount bigint, expires_on date, problems jsonb, warnings jsonb
)
where r.of_id = %s and r.number = f.number
"""
