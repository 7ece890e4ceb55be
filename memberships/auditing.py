"""What happened to memberships, as lines of who did what."""

from collections.abc import Sequence

from django.urls import reverse

from memberships.models import Event
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of

KEY = "memberships"
_COLUMNS = Columns(
    at="at",
    staff="by",
    place="membership__location",
    till="till",
    texts=("membership__client__search", "text", "by__name"),
)


def events(wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """One query."""
    rows = Event.objects.select_related(
        "by", "till", "membership__client", "membership__location", "membership__plan"
    )
    found = page_of(rows, wanted, before, source=KEY, columns=_COLUMNS)[:limit]
    return [_record(row) for row in found]


def _record(row: Event) -> Record:
    membership = row.membership
    return Record(
        spot=Spot(row.at, KEY, row.pk),
        what=f"Membership: {row.get_kind_display().lower()}",
        about=f"{membership.client.name} · {membership.plan}",
        note=row.text,
        who=row.by.name if row.by else "",
        place=membership.location.name,
        till=row.till.name if row.till else "",
        url=reverse("memberships:one", args=[membership.uuid]),
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(KEY, "Memberships", events))
