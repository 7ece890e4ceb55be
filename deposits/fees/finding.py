"""The fee that stands for a visit, if any: at most one does."""

from __future__ import annotations

from appointments.models import Appointment
from deposits.models import Fee


def standing_fee(visit: Appointment) -> Fee | None:
    """The fee that was not waived. One query."""
    return visit.fees.exclude(status=Fee.Status.WAIVED).select_related("order").first()
