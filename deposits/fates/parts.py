"""What decisions about deposits add to the floors below."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Sequence

from django.urls import reverse

from appointments import changes
from appointments.times import when
from deposits.fates import verifying as fate_verifying
from deposits.fates import visit_changes
from deposits.fates.outcomes import outcomes_of
from deposits.fates.posting import CAUSE
from deposits.fees.line import register_fee_line
from deposits.fees.purpose import CAUSE as FEE_CAUSE
from deposits.models import Decision, Fee
from ledger import causes
from salon.addresses import uuid_of


def add_fates() -> None:
    """Visits ask about their deposit, statements open its decision, fees can be sold, books are
    checked. Called once, when the program starts."""
    register_fee_line()
    fate_verifying.add_checks()
    causes.add(CAUSE, url_of=url_of_decision, names_of=names_of_decisions)
    causes.add(FEE_CAUSE, url_of=url_of_fee)
    changes.ask(
        "deposits",
        visit_changes.settle_the_deposit,
        first=visit_changes.lock_first,
        prompt=visit_changes.prompt,
        told=outcomes_of,
    )


def url_of_decision(cause_id: str) -> str | None:
    """The page of the visit that it was about. One query."""
    return _page(Decision.objects.filter(uuid__in=_uuids([cause_id])).first())


def url_of_fee(cause_id: str) -> str | None:
    """The page of the visit that it was about. One query."""
    return _page(Fee.objects.filter(uuid__in=_uuids([cause_id])).first())


def names_of_decisions(cause_ids: Sequence[str]) -> dict[str, str]:
    """Visit of Tue, Nov 24, 3:15 pm, by cause. One query."""
    rows = Decision.objects.filter(uuid__in=_uuids(cause_ids))
    named = rows.select_related("appointment__location")
    return {str(row.uuid): f"Visit of {when(row.appointment)}" for row in named}


def _page(row: Decision | Fee | None) -> str | None:
    return reverse("deposits:decide", args=[row.appointment.uuid]) if row else None


def _uuids(texts: Sequence[str]) -> list[uuids.UUID]:
    return [uuid for text in texts if (uuid := uuid_of(text))]
