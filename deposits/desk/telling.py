"""What the desk does to a visit that its client knows by e-mail is told them by e-mail, too.

That is a visit that was booked online, that a deposit was asked for, or that money is held for.
What becomes of money is told with the decision about it (fates/visit_changes.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appointments.changes import Change, Kind, Prompt
from deposits.fates.held import held_for_visits
from deposits.fates.question import question_of
from deposits.own import telling

ASKED, TELL = "tell-asked", "tell-client"
"""Names of the fields on the sheet: that it had the box, and the box."""
CANCELS = (Kind.CANCELED, Kind.LATE)


def tell_the_client(change: Change) -> None:
    """Part of the change: one that is rolled back is not told."""
    if not _is_told(change):
        return
    if change.kind == Kind.MOVED:
        telling.tell_moved_at_desk(change.appointment, change.appointment.starts_at)
    else:
        telling.tell_canceled(change.appointment, "")


def prompt(change: Change, data: Mapping[str, Any] | None) -> Prompt | None:
    """That they are told; of a cancellation, a box to leave it. None where nobody is told."""
    if not _is_known_by_mail(change):
        return None
    is_shown = data is not None and ASKED in data
    return Prompt(
        "deposits/_tell.html",
        {
            "client": change.appointment.client,
            "is_move": change.kind == Kind.MOVED,
            "is_ticked": not is_shown or bool(data and data.get(TELL)),
        },
        is_question=False,
    )


def outcomes_of(change: Change) -> list[str]:
    """That they are told, by this or with the decision."""
    told = _is_told(change) or bool(
        change.answers.get("fate-tell") and telling.address_for(change.appointment)
    )
    return [f"{change.appointment.client} is told by e-mail."] if told else []


def _is_told(change: Change) -> bool:
    is_left_out = ASKED in change.answers and not change.answers.get(TELL)
    return not is_left_out and _is_known_by_mail(change)


def _is_known_by_mail(change: Change) -> bool:
    """Whether it is told here. Five queries at most where nothing is held and no fee is due."""
    visit, desk = change.appointment, change.desk
    if desk.by_itself or not visit.is_open or not telling.address_for(visit):
        return False
    if change.kind == Kind.MOVED:
        last = max(visit.starts_at, change.starts_at or visit.starts_at)
        return visit.starts_at != change.starts_at and last > desk.at and _is_linked(change)
    return change.kind in CANCELS and question_of(change) is None and _is_linked(change)


def _is_linked(change: Change) -> bool:
    visit = change.appointment
    return visit.deposit_requests.exists() or bool(held_for_visits([visit]))
