"""Carrying a deposit to another time: how often it was, and whether it may be again.

It counts from when the deposit was paid: each other start that its visit was given, and each time
that it was moved to another visit. Rescheduling keeps the deposit; beyond the owner's limits the
desk is asked, and a client online may not.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from django.db.models import F

from appointments.models import Appointment, VisitMove
from deposits.fates.held import HELD_LOTS
from deposits.models import BookingSettings, Fate
from ledger.descent import lines_of
from ledger.models import Lot
from salon import clock, said
from salon.models import StaffMember

TAKEN_BACK = dt.timedelta(minutes=10)
"""In which the desk may put right what it moved."""


@dataclass(frozen=True)
class Carry:
    """How often a visit's deposit was carried. `most` None: without limit."""

    times: int
    most: int | None
    may: bool
    """Whether it may be carried once more (to the start asked about, where one was)."""
    until: dt.date | None
    """The last day that it may be carried to; None: without limit."""
    words: str
    """ "moved 1 of 1", "moved once"; empty where it never was."""
    why_not: str = ""
    """Why it may not be carried there, in a sentence for the desk."""


def carry_of(
    visit: Appointment, starts_at: dt.datetime | None = None, *, by: StaffMember | None = None
) -> Carry:
    """How a visit's deposit stands; `starts_at`: whether it may be carried to there, `by` whom.

    What the desk moves on or back within TAKEN_BACK is one move, or none where it is back. Where
    nothing is held, nothing was carried, and it may be. Seven queries at most.
    """
    settings = BookingSettings.current()
    most, days = settings.most_moves, settings.carry_days
    pasts = _Pasts([visit])
    if not pasts.lines:
        return Carry(0, most, True, None, "")
    times = pasts.times(visit.pk)
    first = pasts.first_start(visit.pk) or visit.starts_at
    until = None
    if days is not None:
        until = first.astimezone(visit.location.zone).date() + dt.timedelta(days=days)
    mended = pasts.just_moved(visit.pk) if by is not None and starts_at is not None else None
    why_not = ""
    if mended is None or mended.from_starts_at != starts_at:
        why_not = _why_not(times - (mended is not None), most, until, starts_at, visit)
    return Carry(times, most, not why_not, until, _words(times, most), why_not)


def carried_words(visits: Iterable[Appointment]) -> dict[int, str]:
    """ "moved 1 of 1" for each visit whose deposit was carried, by its id. Seven queries."""
    pasts = _Pasts(list(visits))
    if not pasts.lines:
        return {}
    most = BookingSettings.current().most_moves
    return {pk: words for pk in pasts.lines if (words := _words(pasts.times(pk), most))}


class _Pasts:
    """Where the deposits of some visits have been. Six queries, one where nothing is held."""

    def __init__(self, visits: Sequence[Appointment]) -> None:
        self.lines = _lines_by_visit(visits)
        """By visit: for each lot that is held for it, all that it came from and itself."""
        lots = [lot for lines in self.lines.values() for line in lines for lot in line]
        been_for = {lot.appointment_id for lot in lots if lot.appointment_id}
        self.moves: dict[int, list[VisitMove]] = defaultdict(list)
        for move in VisitMove.objects.filter(appointment__in=been_for).order_by("at", "pk"):
            self.moves[move.appointment_id].append(move)
        self.starts = dict(
            Appointment.objects.filter(pk__in=been_for).values_list("pk", "starts_at")
        )
        moved = Fate.objects.filter(
            entry__in={lot.opened_by_id for lot in lots}, kind=Fate.Kind.MOVED, undone_at=None
        )
        self.to_others = set(
            moved.exclude(to_appointment=F("decision__appointment")).values_list("entry", flat=True)
        )

    def times(self, visit: int) -> int:
        """How often it was carried; of several lots, the one that was most often."""
        return max(
            len(self._since_paid(line)) + sum(lot.opened_by_id in self.to_others for lot in line)
            for line in self.lines[visit]
        )

    def just_moved(self, visit: int) -> VisitMove | None:
        """What the desk did a moment ago, so that one more move only mends it; if it counts."""
        counted = (move for line in self.lines[visit] for move in self._since_paid(line))
        now = clock.now()
        return next((m for m in counted if m.appointment_id == visit and _goes_on(m, now)), None)

    def first_start(self, visit: int) -> dt.datetime | None:
        """When the visit was to begin that it was first paid for; of several, the earliest."""
        starts = []
        for line in self.lines[visit]:
            paid_for = line[0].appointment_id
            since = [m for m in self._since_paid(line) if m.appointment_id == paid_for]
            start = since[0].from_starts_at if since else self.starts.get(paid_for or 0)
            starts += [start] if start else []
        return min(starts, default=None)

    def _since_paid(self, line: Sequence[Lot]) -> list[VisitMove]:
        paid_at = line[0].opened_by.occurred_at
        been_for = {lot.appointment_id for lot in line if lot.appointment_id}
        counted: list[VisitMove] = []
        for pk in been_for:
            of_visit: list[VisitMove] = []
            for move in self.moves[pk]:
                if move.at >= paid_at:
                    _add(of_visit, copy(move))
            counted += of_visit
        return counted


def _goes_on(move: VisitMove, at: dt.datetime) -> bool:
    return move.by_id is not None and at - move.at <= TAKEN_BACK


def _add(moves: list[VisitMove], move: VisitMove) -> None:
    """One more; of what the desk moved a moment ago, only where it ended."""
    last = moves[-1] if moves else None
    if last is None or move.by_id is None or not _goes_on(last, move.at):
        moves.append(move)
    elif last.from_starts_at == move.to_starts_at:
        moves.pop()
    else:
        last.to_starts_at = move.to_starts_at


def _lines_by_visit(visits: Sequence[Appointment]) -> dict[int, list[list[Lot]]]:
    """Three queries, one where nothing is held; none without visits."""
    if not visits:
        return {}
    held = HELD_LOTS.filter(appointment__in=visits)
    of_visit = dict(held.values_list("pk", "appointment"))
    found: dict[int, list[list[Lot]]] = defaultdict(list)
    for leaf, line in lines_of(list(of_visit)).items():
        found[of_visit[leaf]].append(line)
    return dict(found)


def _why_not(
    times: int,
    most: int | None,
    until: dt.date | None,
    starts_at: dt.datetime | None,
    visit: Appointment,
) -> str:
    if most is not None and times >= most:
        if not most:
            return "Deposits are not carried to another time here."
        return f"This deposit was {_words(times, most)}."
    zone = visit.location.zone
    if until is not None and starts_at is not None and starts_at.astimezone(zone).date() > until:
        today = visit.starts_at.astimezone(zone).date()
        return f"This deposit may be carried until {said.day(until, today)}."
    return ""


def _words(times: int, most: int | None) -> str:
    if not times:
        return ""
    if most is not None:
        return f"moved {times} of {most}"
    return "moved once" if times == 1 else f"moved {times} times"
