"""Cards on file that were kept and removed, as lines of who did what."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse

from cards.models import CardOnFile
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of

KEPT, REMOVED = "cards_kept", "cards_removed"
_TEXTS = ("client__search", "last4")
_COLUMNS = {
    KEPT: Columns(at="added_at", staff="", place="", texts=_TEXTS),
    REMOVED: Columns(
        at="removed_at", staff="removed_by", place="", texts=(*_TEXTS, "removed_by__name")
    ),
}
_COLUMNS = {
    KEPT: Columns(at="added_at", texts=("client__search", "last4")),
    REMOVED: Columns(
        at="removed_at",
        staff="removed_by",
        texts=("client__search", "last4", "removed_by__name"),
    ),
}


def cards(key: str, wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """One query. Neither the till nor the location is kept with them; nor who took a card in."""
    rows = CardOnFile.objects.select_related("client", "removed_by")
    found = page_of(rows, wanted, before, source=key, columns=_COLUMNS[key])[:limit]
    return [_record(key, row) for row in found]


def _record(key: str, row: CardOnFile) -> Record:
    is_removal = key == REMOVED
    at = row.removed_at if is_removal else row.added_at
    assert at
    return Record(
        spot=Spot(at, key, row.pk),
        what="Card on file removed" if is_removal else "Card kept on file",
        about=f"{row} · {row.client.name}",
        who=row.removed_by.name if is_removal and row.removed_by else "",
        url=reverse("cards:of_client", args=[row.client_id]),
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(KEPT, "Cards kept on file", partial(cards, KEPT)))
    add(Source(REMOVED, "Cards removed", partial(cards, REMOVED)))
