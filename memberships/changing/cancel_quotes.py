"""What canceling means in days and in money that is lost, and what taking it back means."""

from __future__ import annotations

import copy
import datetime as dt

from memberships.changing.cancel_blocking import Wish, early_for, why_not_canceled, why_not_kept
from memberships.changing.charge_words import ahead_said
from memberships.changing.coming import coming
from memberships.changing.lapsing import Left, left_of
from memberships.changing.pause_quotes import open_pause
from memberships.changing.quote import Quote
from memberships.enrolling.words import day_said
from memberships.models import Membership
from salon import said
from salon.desk import Desk


def cancel_quote(
    membership: Membership,
    *,
    at_once: bool,
    on: dt.date,
    desk: Desk | None = None,
    by_client: bool = False,
) -> Quote:
    """What canceling on this business day means. The number of queries is fixed.

    `desk` says whose role decides about ending it early; without one the quote only says that it is
    early. `by_client`: the client does it, as far as the owner lets them.
    """
    ends_on = on if at_once else end_of(membership, on)
    is_now = ends_on == on
    title = "Cancel now" if is_now else f"Cancel to {day_said(ends_on)}"
    if why_not := why_not_canceled(membership, Wish(ends_on, at_once, desk, by_client)):
        return Quote(title, why_not=why_not)
    left = left_of(membership, ends_on)
    when = "It ends at once" if is_now else f"It ends on {day_said(ends_on)}"
    return Quote(
        title,
        lines=[
            f"{when}. Nothing is charged any more.",
            *_given_up(membership, ends_on, on),
            *_early(membership, ends_on),
            *_money(left, is_now),
        ],
        button="End the membership now" if is_now else title,
        lost=left.lost,
    )


def keep_quote(membership: Membership, on: dt.date, *, by_client: bool = False) -> Quote:
    """What taking a cancellation back means. Three queries at most."""
    title = "Keep the membership"
    if why_not := why_not_kept(membership, on, by_client=by_client):
        return Quote(title, why_not=why_not)
    kept = copy.copy(membership)
    go_on_after_all(kept)
    charge = coming(kept)
    lines = ahead_said(charge) if charge else ["It stays paused: nothing is charged meanwhile."]
    return Quote(title, lines=["The cancellation is taken back.", *lines], button=title)


def end_of(membership: Membership, on: dt.date) -> dt.date:
    """The day on which what is paid is over, `on` at the earliest. One query where it is paused.

    Of one that owes a charge nothing is paid any more.
    """
    if membership.owes_a_period:
        return on
    until = membership.ends_on or membership.next_charge_on
    if membership.status == Membership.Status.PAUSED and (pause := open_pause(membership)):
        until = pause.was_next_on
    return max(until or on, on)


def go_on_after_all(membership: Membership) -> None:
    """Not canceled any more, in memory: charged on the day on which it would have ended."""
    if membership.status == Membership.Status.ACTIVE:
        membership.next_charge_on = membership.next_charge_on or membership.ends_on
    membership.ends_on, membership.end_reason = None, ""


def _given_up(membership: Membership, ends_on: dt.date, on: dt.date) -> list[str]:
    """What is given up by it: time that was paid, and what is owed."""
    if membership.owes_a_period:
        return ["What is owed is let go."]
    until = end_of(membership, on)
    if ends_on >= until:
        return []
    if membership.next_number == 0:
        return [f"Its trial would last until {day_said(until)}."]
    return [
        f"It is paid until {day_said(until)}. Nothing is refunded by this: refunds are made on the "
        "sale."
    ]


def _early(membership: Membership, ends_on: dt.date) -> list[str]:
    least = early_for(membership, ends_on)
    return [f"That is before its minimum term is over, on {least}."] if least else []


def _money(left: Left, is_now: bool) -> list[str]:
    """What becomes of what it added."""
    told = []
    if left.lost:
        when = "is lost" if is_now else "by then is lost"
        told.append(f"{said.amount(left.lost)} that is not spent {when}{_bonus_in(left)}.")
    if left.held:
        told.append(f"{said.amount(left.held)} is held for a visit and stays with it.")
    if left.stays and not told:
        told.append("What it added stays on the account balance.")
    return told


def _bonus_in(left: Left) -> str:
    """What of it nobody paid for."""
    if not left.bonus:
        return ""
    part = "all" if left.bonus == left.lost else said.amount(left.bonus)
    return f", {part} of it a bonus"
