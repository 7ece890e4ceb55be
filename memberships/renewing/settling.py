"""A period is paid, at a desk or by the card; or the client is let off it.

Either way the membership goes on as it was: on its old days, and what began meanwhile is skipped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from checkout.errors import Refused as SaleRefused
from checkout.locking import require
from checkout.models import LineItem
from memberships.changing import history
from memberships.enrolling.words import paid_said
from memberships.errors import Refused, as_refused
from memberships.locking import lock_period
from memberships.models import Event, Membership, Period
from memberships.renewing.charging import check_no_sale
from memberships.renewing.failing import is_dunned
from memberships.renewing.periods import PLACE, Span, begun, go_past, write
from salon import clock, permissions
from salon.desk import Desk

Status = Period.Status
_PAID = [
    "status",
    "failure",
    "next_try_on",
    "order",
    "line",
    "paid_lot",
    "bonus_lot",
    "paid_at",
]


def period_of(line: LineItem) -> Period | None:
    """The period that this line sells, also before its sale closed; None: an enrolment's first.

    One query. The card's sale has a line of the period's own uuid; a desk's is named by the period,
    since a sale that was voided keeps its lines.
    """
    rows = Period.objects.select_related("plan", "membership")
    return rows.filter(Q(uuid=line.uuid) | Q(line=line.pk)).first()


def settle(period: Period, line: LineItem, opened: Sequence[int | None]) -> None:
    """The sale of this period closes: it is paid, and the membership goes on.

    `opened`: the lot of what was paid and that of the bonus, None for each that there is none of.
    `period` is as the line's kind locked it, in the transaction that closes the sale. Raises
    checkout's Refused where it is not owed any more.
    """
    _check_owed(period, line)
    was_dunned = is_dunned(period, period.membership) and period.status != Status.ASKED
    _pay(period, line, opened)
    if period.step:
        from memberships.changing.plans import took_effect  # It charges by this package.

        took_effect(period)
    elif was_dunned:
        go_on(period.membership, _alone(period.membership))


@transaction.atomic
def let_go(*, period: Period, reason: str, desk: Desk) -> Period:
    """Let the client off a period that is owed; the membership goes on. Once more changes nothing.

    Locks the membership. Raises Refused: no permission, no reason, not owed, being charged or open
    at a desk at this moment.
    """
    with as_refused():
        require(desk, permissions.END_MEMBERSHIPS_EARLY, "let a charge of a membership go")
    why = reason.strip()
    if not why:
        raise Refused("Say why the client is let off this period.", field="reason")
    locked = lock_period(period.uuid)
    if locked.status == Status.WAIVED:
        return locked
    _check_to_let_go(locked)
    _waive(locked, why, desk)
    go_on(locked.membership, desk)
    return locked


def let_go_at_the_end(membership: Membership, *, desk: Desk, reason: str) -> None:
    """It is canceled: what is owed of it is let go, what was missed is skipped for good.

    Under its lock; its status stays the caller's to write. One that is being charged at this moment
    is left: what its card pays once the membership has ended goes straight back.
    """
    for period in membership.periods.owed():
        period.membership = membership
        _waive(period, reason, desk)
    membership.periods.filter(status=Status.ASKED).update(status=Status.SKIPPED)


def go_on(membership: Membership, desk: Desk) -> None:
    """Nothing is owed any more: active, and back to its old days. Under its lock.

    The next charge is the first that begins after today; what began meanwhile is skipped. A
    membership that was canceled to a day, or ended, begins nothing.
    """
    if not membership.is_standing:
        return
    membership.status = Membership.Status.ACTIVE
    today = clock.business_date(membership.location, desk.at)
    skip(membership, begun(membership, today), desk)
    membership.save(update_fields=["status", *PLACE])


def skip(membership: Membership, spans: Sequence[Span], desk: Desk) -> None:
    """Write that these periods are never charged, and go past them. Saving is the caller's."""
    if not spans:
        return
    write(membership, spans, Status.SKIPPED, desk)
    go_past(membership, spans[-1])
    tell_skipped(membership, spans, desk)


def tell_skipped(membership: Membership, spans: Sequence[Span], desk: Desk) -> None:
    """Into the history: which days nobody is charged for."""
    first, last = spans[0].days.starts_on, spans[-1].days.until_on - dt.timedelta(days=1)
    text = f"Not charged: {first:%b %-d, %Y} to {last:%b %-d, %Y}."
    history.write(membership, Event.Kind.SKIPPED, text, at=desk.at)


def _pay(period: Period, line: LineItem, opened: Sequence[int | None]) -> None:
    period.paid_lot_id, period.bonus_lot_id = opened
    period.status, period.failure, period.next_try_on = Status.PAID, "", None
    period.order, period.line, period.paid_at = line.order, line, clock.now()
    period.save(update_fields=_PAID)
    text = paid_said(line.total, period.adds)
    by = line.order.opened_by
    history.write(period.membership, Event.Kind.PAID, text, at=period.paid_at, by=by)


def _check_owed(period: Period, line: LineItem) -> None:
    """Refuse what is paid, let go or skipped by now, or whose membership is over."""
    payable = (Status.CHARGING, *Period.OWED, Status.ASKED)
    if period.status not in payable or not period.membership.is_standing:
        state = period.get_status_display().lower()
        raise SaleRefused(
            f"{line.description} is {state if period.membership.is_standing else 'over'} by now, "
            "so it can’t be sold. The sale stays open: take it off the sale."
        )


def _check_to_let_go(period: Period) -> None:
    if period.status == Status.CHARGING:
        raise Refused(
            "The card is being charged for it at this moment. Nothing was let go. Wait until that "
            "has ended."
        )
    if not period.is_owed:
        raise Refused(f"This period is {period.get_status_display().lower()}. Nothing was let go.")
    check_no_sale(period)


def _waive(period: Period, reason: str, desk: Desk) -> None:
    period.status, period.next_try_on = Status.WAIVED, None
    period.save(update_fields=["status", "next_try_on"])
    text = f"The period from {period.starts_on:%b %-d, %Y} was let go: {reason[:200]}"
    history.write(
        period.membership, Event.Kind.WAIVED, text, at=desk.at, by=desk.staff, till=desk.till
    )


def _alone(membership: Membership) -> Desk:
    return Desk(staff=None, location=membership.location, by_itself=True)
