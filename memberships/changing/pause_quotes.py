"""What a pause means, and what going on after one costs."""

from __future__ import annotations

import copy
import datetime as dt

from memberships.changing import blocking
from memberships.changing.charge_words import ahead_said
from memberships.changing.coming import coming
from memberships.changing.quote import Quote
from memberships.enrolling.words import day_said
from memberships.models import Membership, Pause
from memberships.schedule import first_period
from salon import said

GOING_ON = [
    "status",
    "next_charge_on",
    "anchor_on",
    "anchor_number",
    "minimum_until",
]
"""What `go_on` may set."""


def pause_quote(membership: Membership, until: dt.date | None, on: dt.date) -> Quote:
    """What pausing from this business day on means; with no `until`, until somebody resumes it.

    Six queries at most.
    """
    why_not = _why_not(membership)
    is_about = ""
    if not why_not and (why_not := _why_not_until(membership, until, on)):
        is_about = "until"
    if why_not:
        return Quote("Pause", why_not=why_not, is_about=is_about)
    lines = ["Nothing is charged and nothing is added while it is paused.", _paid(membership, on)]
    if membership.minimum_until:
        lines.append(
            f"Its minimum term, until {day_said(membership.minimum_until)}, gets longer by the "
            "days for which nothing is paid."
        )
    return Quote(
        f"Pause until {day_said(until)}" if until else "Pause until it is resumed",
        lines=[*lines, *_resuming(membership, until)],
        button="Pause",
    )


def resume_quote(membership: Membership, on: dt.date) -> Quote:
    """What ending a pause on this business day costs. Five queries at most."""
    pause = open_pause(membership)
    why_not = blocking.first_of(blocking.ended(membership), blocking.canceled(membership))
    if why_not or pause is None:
        return Quote("Resume", why_not=why_not or "This membership is not paused.")
    then = _resumed(membership, pause, on)
    charge = coming(then)
    assert charge is not None  # nosec B101 - what goes on has a next charge
    if charge.on > on:
        lines = ["Nothing is charged today: what was paid is not over.", *ahead_said(charge)]
        return Quote("Resume", lines=lines, button="Resume")
    return Quote(
        "Resume",
        due_now=charge.total,
        adds_now=charge.adds,
        lines=["What was paid is over, so the next period begins today.", *ahead_said(charge)],
        button=f"Resume and charge {said.amount(charge.total)}",
    )


def open_pause(membership: Membership) -> Pause | None:
    """The pause that it is in. One query."""
    return membership.pauses.filter(resumed_on=None).first()


def go_on(membership: Membership, pause: Pause, on: dt.date) -> None:
    """It is active again from this day on, in memory. Saving is the caller's (`GOING_ON`).

    The period that was paid runs to its end first. Where that is over, the next one begins `on`:
    on that day each time from then on, or in part until the day of the month that it is charged on.
    The minimum term moves by the days that no period covers.
    """
    membership.status = Membership.Status.ACTIVE
    membership.next_charge_on = max(pause.was_next_on, on)
    if on <= pause.was_next_on:
        return
    first = first_period(on, membership.every, membership.billing_day)
    membership.anchor_on, membership.anchor_number = on, membership.next_number
    if first.days != first.of_days:
        membership.anchor_on, membership.anchor_number = first.until_on, membership.next_number + 1
    if membership.minimum_until:
        membership.minimum_until += on - pause.was_next_on


def _resumed(membership: Membership, pause: Pause, on: dt.date) -> Membership:
    then = copy.copy(membership)
    go_on(then, pause, on)
    return then


def _why_not(membership: Membership) -> str:
    if membership.status == Membership.Status.PAUSED:
        return "This membership is paused already."
    return blocking.first_of(
        blocking.ended(membership),
        blocking.canceled(membership),
        blocking.owed(membership),
        blocking.charging(membership),
    )


def _why_not_until(membership: Membership, until: dt.date | None, on: dt.date) -> str:
    if until is None:
        return ""
    if until <= on:
        return "Choose a day after today on which it goes on."
    if membership.next_charge_on and until <= membership.next_charge_on:
        return (
            f"The next charge is on {day_said(membership.next_charge_on)}, so a pause until "
            f"{day_said(until)} would change nothing. Choose a later day."
        )
    return ""


def _paid(membership: Membership, on: dt.date) -> str:
    next_on = membership.next_charge_on
    if next_on and next_on > on:
        what = "trial" if membership.next_number == 0 else "paid period"
        return (
            f"The {what} still runs until {day_said(next_on)}. What is on the account balance can "
            "be spent all the time."
        )
    return "What is on the account balance can be spent all the time."


def _resuming(membership: Membership, until: dt.date | None) -> list[str]:
    """What is charged when it goes on."""
    next_on = membership.next_charge_on
    if next_on is None:
        return []
    if until is None:
        return [
            f"Resumed by {day_said(next_on)}, it is charged on that day as before; resumed later, "
            "at once."
        ]
    pause = Pause(membership=membership, was_next_on=next_on)
    charge = coming(_resumed(membership, pause, until))
    return ["It goes on by itself.", *ahead_said(charge)] if charge else []
