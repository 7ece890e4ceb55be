"""Gift cards that were blocked, and blocks that were lifted, as lines of who did what."""

from collections.abc import Sequence
from functools import partial

from django.db.models.functions import Right
from django.urls import reverse

from giftcards.models import Block
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of, placed

SHOWN = 4
"""Characters of a code that a card is called by."""
ON, OFF = "blocks", "blocks_lifted"
_HOW = {
    ON: ("at", "by", "till", "reason", "Gift card blocked"),
    OFF: ("lifted_at", "lifted_by", "lifted_till", "lifted_reason", "Gift card unblocked"),
}


def blocks(key: str, wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """One query. They are found by the till's location."""
    at, by, till, reason, _ = _HOW[key]
    # No more than what is shown of a code: else somebody tries it out letter by letter.
    rows = Block.objects.select_related("card", by, f"{till}__location")
    rows = rows.annotate(shown=Right("card__code", SHOWN))
    texts = (reason, f"{by}__name", "shown")
    columns = Columns(at=at, staff=by, place=f"{till}__location", till=till, texts=texts)
    found = page_of(rows, wanted, before, source=key, columns=columns)[:limit]
    return [_record(key, row) for row in found]


def _record(key: str, row: Block) -> Record:
    at, by, till, reason, what = _HOW[key]
    who, where = getattr(row, by), getattr(row, till)
    place, till_name = placed(where)
    return Record(
        spot=Spot(getattr(row, at), key, row.pk),
        what=what,
        about=str(row.card),
        note=getattr(row, reason),
        who=who.name if who else "",
        place=place,
        till=till_name,
        url=reverse("giftcards:card", args=[row.card.uuid]),
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(ON, "Blocked gift cards", partial(blocks, ON)))
    add(Source(OFF, "Unblocked gift cards", partial(blocks, OFF)))
