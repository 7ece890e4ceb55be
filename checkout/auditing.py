"""What checkout's rows say of who did what, beside the entries: discounts, and counted tills."""

from collections.abc import Sequence

from django.urls import reverse

from checkout.models import Discount, TillSession
from salon import said
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import Columns, Source, add, page_of

DISCOUNTS, TILLS = "discounts", "tills"
_OF_DISCOUNTS = Columns(
    at="at",
    staff="by",
    place="order__location",
    till="till",
    texts=("order__client__search", "reason", "by__name"),
)
_OF_TILLS = Columns(
    at="closed_at",
    staff="closed_by",
    place="till__location",
    till="till",
    texts=("note", "closed_by__name"),
)


def discounts(wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """Who took how much off, and why. One query."""
    rows = Discount.objects.select_related("by", "till", "order__location", "order__client")
    found = page_of(rows, wanted, before, source=DISCOUNTS, columns=_OF_DISCOUNTS)[:limit]
    return [_discount(row) for row in found]


def counted_tills(wanted: Wanted, before: Spot | None, limit: int) -> Sequence[Record]:
    """What should have been in a till, and what was counted. One query."""
    rows = TillSession.objects.select_related("till__location", "closed_by")
    found = page_of(rows, wanted, before, source=TILLS, columns=_OF_TILLS)[:limit]
    return [_counted(row) for row in found]


def _discount(row: Discount) -> Record:
    client = row.order.client
    return Record(
        spot=Spot(row.at, DISCOUNTS, row.pk),
        what="Discount",
        about=" · ".join([str(row.order), *([client.name] if client else [])]),
        amount=row.taken_off,
        note=row.reason,
        who=row.by.name,
        place=row.order.location.name,
        till=row.till.name if row.till else "",
        url=reverse("checkout:order", args=[row.order.uuid]),
    )


def _counted(row: TillSession) -> Record:
    assert row.closed_at and row.expected is not None and row.counted is not None
    return Record(
        spot=Spot(row.closed_at, TILLS, row.pk),
        what="Till counted",
        about=row.till.name,
        before=f"{said.amount(row.expected)} expected",
        after=f"{said.amount(row.counted)} counted",
        note=row.note,
        who=row.closed_by.name if row.closed_by else "",
        place=row.till.location.name,
        till=row.till.name,
        url=reverse("checkout:till_session", args=[row.uuid]),
    )


def register() -> None:
    """Called once, when the program starts."""
    add(Source(DISCOUNTS, "Discounts", discounts))
    add(Source(TILLS, "Counted tills", counted_tills))
