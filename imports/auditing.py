"""Imports that went in and came back out, as lines of who did what; their entries are lines too."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse

from imports.models import Import
from salon import said
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of

IN, BACK = "imports", "imports_back"
_WHEN_AND_WHO = {
    IN: ("confirmed_at", "confirmed_by", "Import taken in"),
    BACK: ("taken_back_at", "taken_back_by", "Import taken back"),
}


def imports(key: str, wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """One query. Nobody stands at a till for it."""
    at, by, _ = _WHEN_AND_WHO[key]
    rows = Import.objects.select_related("location", by)
    columns = Columns(at=at, staff=by, place="location", texts=(f"{by}__name", "file_name"))
    found = page_of(rows, wanted, before, source=key, columns=columns)[:limit]
    return [_record(key, row) for row in found]


def _record(key: str, row: Import) -> Record:
    at, by, what = _WHEN_AND_WHO[key]
    who = getattr(row, by)
    return Record(
        spot=Spot(getattr(row, at), key, row.pk),
        what=what,
        about=row.file_name,
        amount=row.credit,
        note=f"{row.rows_total:,} rows, {said.amount(row.owed)} owed",
        who=who.name if who else "",
        place=row.location.name,
        url=reverse("imports:one", args=[row.uuid]),
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(IN, "Imports taken in", partial(imports, IN)))
    add(Source(BACK, "Imports taken back", partial(imports, BACK)))
