"""Cards on file that were kept and removed, as lines of who did what."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse

from cards.models import CardOnFile
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of, placed

KEPT, REMOVED = "cards_kept", "cards_removed"
_TEXTS = ("client__search", "last4")
_COLUMNS = {
    KEPT: Columns(
        at="added_at",
        staff="saving__asked_by",
        place="saving__asked_till__location",
        till="saving__asked_till",
        texts=(*_TEXTS, "saving__asked_by__name"),
    ),
    REMOVED: Columns(
        at="removed_at",
        staff="removed_by",
        place="removed_till__location",
        till="removed_till",
        texts=(*_TEXTS, "removed_by__name"),
    ),
}
_WITH = (
    *("client", "removed_by", "removed_till__location"),
    *("saving__asked_by", "saving__asked_till__location"),
)


def cards(key: str, wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """One query. A card that was kept is of who asked the client for it, where somebody did.

    They are found by the till's location.
    """
    rows = CardOnFile.objects.select_related(*_WITH)
    found = page_of(rows, wanted, before, source=key, columns=_COLUMNS[key])[:limit]
    return [_record(key, row) for row in found]


def _record(key: str, row: CardOnFile) -> Record:
    is_removal = key == REMOVED
    at = row.removed_at if is_removal else row.added_at
    assert at
    saving = row.saving
    who, till = (
        (row.removed_by, row.removed_till)
        if is_removal
        else (saving.asked_by, saving.asked_till)
        if saving
        else (None, None)
    )
    place, till_name = placed(till)
    return Record(
        spot=Spot(at, key, row.pk),
        what="Card on file removed" if is_removal else "Card kept on file",
        about=f"{row} · {row.client.name}",
        who=who.name if who else "",
        place=place,
        till=till_name,
        url=reverse("cards:of_client", args=[row.client_id]),
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(KEPT, "Cards kept on file", partial(cards, KEPT)))
    add(Source(REMOVED, "Cards removed", partial(cards, REMOVED)))
