"""Expiry: value that nobody may spend any more becomes income (breakage)."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from ledger import accounts
from ledger.errors import LotMoved
from ledger.kinds import EntryKind
from ledger.legs import Move, Take
from ledger.models import Lot
from ledger.posting import Cause, Posted, post
from salon.desk import Desk


def expired_lots(on: dt.date) -> Iterator[Lot]:
    """Open lots whose last day lies before `on`. An expired lot is unspendable at once."""
    return (
        Lot.objects.filter(is_open=True, expires_on__lt=on)
        .select_related("opened_by__location", "opened_by__staff")
        .order_by("id")
        .iterator()
    )


def expire_lots(now: dt.datetime) -> list[Posted]:
    """Post breakage for every lot that has expired where it was opened. Repeatable, race-safe.

    One entry and one transaction for each lot, so that a stop in the middle loses nothing.
    """
    posted = []
    # A lot's last day ends by its own location's clock; tomorrow covers every zone, then we ask.
    for lot in expired_lots(now.date() + dt.timedelta(days=1)):
        desk = Desk(staff=None, location=lot.opened_by.location, at=now)
        if lot.expires_on is not None and lot.expires_on < desk.business_date:
            entry = _expire(lot, desk)
            if entry is not None and entry.is_new:
                posted.append(entry)
    return posted


def _expire(lot: Lot, desk: Desk) -> Posted | None:
    try:
        with transaction.atomic():
            return post(
                # Value may come back to an expired lot (a payment taken back); it expires again.
                # Postings are never removed, so their number says which state is expired here.
                key=f"lot:{lot.pk}:expire:{lot.postings.count()}",
                kind=EntryKind.EXPIRY,
                legs=[Take(lot.pk, lot.remaining), Move(accounts.BREAKAGE, -lot.remaining)],
                desk=desk,
                cause=Cause("lot", str(lot.pk)),
            )
    except LotMoved:
        return None  # Reversed or moved meanwhile; the next run sees what is left.
