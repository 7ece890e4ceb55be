"""Canceling, at once or to the end of what is paid, and taking that back."""

from __future__ import annotations

from django.db import transaction

from memberships.changing import history
from memberships.changing.acting import allow, locked_at
from memberships.changing.cancel_quotes import (
    cancel_quote,
    end_of,
    go_on_after_all,
    keep_quote,
)
from memberships.changing.ending import end
from memberships.enrolling.words import day_said
from memberships.models import Event, Membership
from memberships.own import telling
from salon.desk import Desk

_DOING = "cancel memberships"


@transaction.atomic
def cancel(
    *,
    membership: Membership,
    at_once: bool,
    reason: str,
    desk: Desk,
    by_client: bool = False,
    seen: str = "",
) -> Membership:
    """End it now, or on the day on which what is paid is over; where that has come, now, too.

    `by_client`: the client does it on their own page, as far as the owner lets them. `seen`: the
    stamp of the quote that the page showed. Locks the membership, then the accounts. Raises Refused
    before the minimum term is over, and for an owed charge that would be let go, unless the role
    may do that; while a card is being charged.
    """
    if not by_client:
        allow(desk, _DOING)
    locked, where = locked_at(membership, desk)
    today = where.business_date
    cancel_quote(locked, at_once=at_once, on=today, desk=where, by_client=by_client).check(seen)
    ends_on = today if at_once else end_of(locked, today)
    if ends_on <= today:
        return end(locked, on=today, reason=reason, at=desk.at, by=desk.staff, till=desk.till)
    # Nothing is due any more; the day is back where the cancellation is taken back.
    locked.ends_on, locked.next_charge_on, locked.noticed_on = ends_on, None, None
    locked.end_reason = reason.strip()[:240]
    locked.save(update_fields=["ends_on", "next_charge_on", "noticed_on", "end_reason"])
    who = "by the client, " if by_client else ""
    why = f": {locked.end_reason}" if locked.end_reason else "."
    text = f"Canceled {who}to {day_said(ends_on)}{why}"
    history.write(locked, Event.Kind.CANCELED, text, at=desk.at, by=desk.staff, till=desk.till)
    telling.tell_canceled(locked)
    return locked


@transaction.atomic
def keep(
    *, membership: Membership, desk: Desk, by_client: bool = False, seen: str = ""
) -> Membership:
    """Take a cancellation back before its day: charged as before. Locks the membership.

    `seen`: the stamp of the quote that the page showed. Raises Refused where it has ended.
    """
    if not by_client:
        allow(desk, _DOING)
    locked, where = locked_at(membership, desk)
    keep_quote(locked, where.business_date, by_client=by_client).check(seen)
    go_on_after_all(locked)
    locked.save(update_fields=["ends_on", "next_charge_on", "end_reason"])
    who = " by the client" if by_client else ""
    on = locked.next_charge_on
    charged = f"; the next charge is on {day_said(on)}" if on else ""
    text = f"The cancellation was taken back{who}{charged}."
    history.write(locked, Event.Kind.KEPT, text, at=desk.at, by=desk.staff, till=desk.till)
    telling.tell_changed(locked)
    return locked
