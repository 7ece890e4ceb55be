"""What the tills have against sealing a day: cash that nobody has counted."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from checkout.models import TillSession
from ledger import sealing
from salon.models import Location


def why_not(location: Location, on: dt.date) -> Iterator[sealing.Obstacle]:
    """Tills that were opened on that day or before, and are open still. One query."""
    rows = TillSession.objects.filter(
        till__location=location, business_date__lte=on, closed_at__isnull=True
    )
    for session in rows.select_related("till").order_by("till__name", "pk"):
        yield sealing.Obstacle(
            f"{session.till} is still open: count and close it first.",
            url=reverse("checkout:close_till", args=[session.till_id]),
            action=f"Count {session.till}",
        )


def register() -> None:
    sealing.ask("checkout", why_not)
