"""What became of a visit's deposit before, each part with whether it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field

from appointments.models import Appointment
from deposits.fates.undoing import why_not_undone
from deposits.fates.words import sentence_of
from deposits.models import Decision, Fate, Fee


@dataclass(frozen=True)
class Part:
    """One fate as it reads. `why_not`: why it can't be undone, as far as that is known."""

    fate: Fate
    sentence: str
    why_not: str

    @property
    def is_undone(self) -> bool:
        return self.fate.undone_at is not None


@dataclass(frozen=True)
class Past:
    """A decision with its parts."""

    decision: Decision
    parts: list[Part]


@dataclass(frozen=True)
class History:
    """The newest decision first."""

    decisions: list[Past] = field(default_factory=list)
    fees: list[Fee] = field(default_factory=list)


def history_of(visit: Appointment) -> History:
    """Five queries, and two for each refund."""
    decisions = visit.deposit_decisions.select_related("by", "client").prefetch_related(
        "fates__to_appointment__location", "fates__undone_by"
    )
    fees = visit.fees.select_related("order", "by", "waived_by", "client")
    pasts = [
        Past(one, [_part(fate, visit) for fate in one.fates.all()])
        for one in decisions.order_by("-id")
    ]
    return History(pasts, list(fees))


def _part(fate: Fate, visit: Appointment) -> Part:
    return Part(fate, sentence_of(fate), why_not_undone(fate, visit))
