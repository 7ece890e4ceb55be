"""Changes of settings, as a source: SettingChange."""

from collections.abc import Sequence

from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of, placed
from salon.models import SettingChange

KEY = "settings"
_COLUMNS = Columns(
    at="at",
    staff="staff",
    place="till__location",
    till="till",
    texts=("subject", "setting", "before", "after", "staff__name"),
)


def changes(wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """One query. Settings are the whole business's: a location finds those changed at its tills."""
    rows = SettingChange.objects.select_related("staff", "till__location")
    found = page_of(rows, wanted, before, source=KEY, columns=_COLUMNS)[:limit]
    return [_record(row) for row in found]


def _record(row: SettingChange) -> Record:
    place, till_name = placed(row.till)
    return Record(
        spot=Spot(row.at, KEY, row.pk),
        what=f"Setting: {row.setting}",
        about=row.subject,
        before=row.before,
        after=row.after,
        who=row.staff.name if row.staff else "",
        place=place,
        till=till_name,
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(KEY, "Settings", changes))
