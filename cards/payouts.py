"""Payouts: what stands at the processor comes to the salon's bank, and sometimes does not stay.

    paid      debit bank           credit the processor
    failed    debit the processor  credit bank

One that failed before it was paid moved nothing. Failed may be told before paid.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cards import events
from cards.events import NotOurs
from cards.models import Payout, ProcessorEvent
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.posting import Cause, post
from salon.desk import Desk
from salon.models import Location
from salon.money import currency, minor, money

PAID, FAILED = "payout.paid", "payout.failed"


def register() -> None:
    """Have its events handled; called once, when the program starts."""
    events.on(PAID, note_paid)
    events.on(FAILED, note_failed)


@transaction.atomic
def note_paid(event: ProcessorEvent) -> None:
    """The money is at the bank; if it is known that it did not stay, it is back at once."""
    row = _row(event.object)
    if not row.paid_entry_id:
        row.paid_entry_id = _post(row, "paid", minor(row.amount))
    failed = ProcessorEvent.objects.filter(type=FAILED, object__id=row.gateway_id)
    if failed.exists():
        _post_failed(row)
    row.save()


@transaction.atomic
def note_failed(event: ProcessorEvent) -> None:
    """The bank sent it back."""
    row = _row(event.object)
    if row.paid_entry_id:
        _post_failed(row)
        row.save()


def _post_failed(row: Payout) -> None:
    if not row.failed_entry_id:
        row.failed_entry_id = _post(row, "failed", -minor(row.amount))


def _row(found: Mapping[str, Any]) -> Payout:
    """The payout's row, locked. Raises NotOurs for one in a currency that is not the books'."""
    code = str(found["currency"]).upper()
    if code != currency():
        raise NotOurs(f"A payout in {code}, which the books do not keep.")
    Payout.objects.get_or_create(
        gateway_id=found["id"],
        defaults={
            "amount": money(found["amount"]),
            "arrives_on": dt.datetime.fromtimestamp(found["arrival_date"], dt.UTC).date(),
        },
    )
    return Payout.objects.select_for_update(of=("self",)).get(gateway_id=found["id"])


def _post(row: Payout, step: str, cents: int) -> int:
    """A payout is of the whole business; its entry stands at the first location."""
    location = Location.objects.active().order_by("id")[0]
    return post(
        key=f"payout:{row.gateway_id}:{step}",
        kind=EntryKind.PAYOUT,
        legs=[Move(accounts.BANK, cents), Move(accounts.PROCESSOR, -cents)],
        desk=Desk(staff=None, location=location),
        cause=Cause("payout", row.gateway_id),
    ).entry_id
