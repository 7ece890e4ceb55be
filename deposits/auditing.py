"""Waived fees, as lines of who did what: they leave no entry."""

from collections.abc import Sequence

from deposits.models import Fee
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of

KEY = "fees"
_COLUMNS = Columns(
    at="waived_at",
    staff="waived_by",
    place="location",
    till="waived_till",
    texts=("client__search", "waived_reason"),
)


def waived(wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """One query."""
    rows = Fee.objects.select_related("waived_by", "waived_till", "location", "client")
    found = page_of(rows, wanted, before, source=KEY, columns=_COLUMNS)[:limit]
    return [_record(row) for row in found]


def _record(row: Fee) -> Record:
    assert row.waived_at
    return Record(
        spot=Spot(row.waived_at, KEY, row.pk),
        what="Fee waived",
        about=f"{row.get_occasion_display()} · {row.client.name}",
        amount=row.amount,
        note=row.waived_reason,
        who=row.waived_by.name if row.waived_by else "",
        place=row.location.name,
        till=row.waived_till.name if row.waived_till else "",
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(KEY, "Waived fees", waived))
