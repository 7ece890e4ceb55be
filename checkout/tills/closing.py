"""Closing a till: what was counted against what should be there."""

from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused, StaleTill
from checkout.locking import require
from checkout.models import TillSession
from checkout.tills.figures import expected_in
from checkout.tills.locking import check_amount, check_here, hold, last_entry
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move
from ledger.posting import Cause, post
from salon import permissions, said
from salon.desk import Desk
from salon.models import Till
from salon.money import minor, money

NOTHING = "Nothing was closed."


@transaction.atomic
def close_till(
    *,
    session: TillSession,
    counted: Money,
    left_in: Money,
    desk: Desk,
    note: str = "",
    shown: Money | None = None,
) -> TillSession:
    """Close a session with what was counted; `left_in` of it stays, the rest goes to the safe.

    Expected is read from the ledger now, while the till's row is locked against cash; the
    difference is posted as over or short. `shown` is the expected that the form told: when cash
    came or went since, StaleTill says how much. Closing again answers with the closed session,
    whoever closed it. An archived till can still be closed. Raises Refused; then nothing changed.
    """
    require(desk, permissions.COUNT_TILLS, "count and close a till")
    till = hold(session.till)
    fresh = TillSession.objects.select_related("opened_by", "closed_by").get(pk=session.pk)
    fresh.till = till
    if not fresh.is_open:
        return fresh
    check_here(till, desk, NOTHING)
    _check(counted, left_in)
    expected = expected_in(till)
    _check_shown(expected, shown)
    fresh.closed_after = last_entry()
    fresh.closing_entry_id = _post(fresh, expected, minor(counted), minor(left_in), desk, note)
    fresh.closed_at = desk.at
    fresh.closed_by = desk.staff
    fresh.expected = money(expected)
    fresh.counted = counted
    fresh.left_in = left_in
    fresh.note = note.strip()
    fresh.save()
    return fresh


def _check(counted: Money, left_in: Money) -> None:
    check_amount(minor(counted), "counted", NOTHING)
    check_amount(minor(left_in), "left_in", NOTHING)
    if left_in > counted:
        raise Refused(
            f"Only {said.amount(counted)} was counted, so no more than that can stay in. {NOTHING}",
            field="left_in",
        )


def _check_shown(expected: int, shown: Money | None) -> None:
    if shown is None or minor(shown) == expected:
        return
    since = expected - minor(shown)
    verb = "taken" if since > 0 else "given out"
    raise StaleTill(
        f"{said.amount(money(abs(since)))} in cash was {verb} since you counted. {NOTHING} "
        "Look whether your count has it, and close again.",
        field="counted",
    )


def _post(
    session: TillSession, expected: int, counted: int, left_in: int, desk: Desk, note: str
) -> int | None:
    """Over or short, and the rest to the safe, in one entry; None where nothing moves."""
    legs = _legs(session.till, counted - expected, counted - left_in)
    if not legs:
        return None
    posted = post(
        key=f"till:{session.uuid}:close",
        kind=EntryKind.TILL,
        legs=legs,
        desk=desk,
        note=note.strip() or "Close",
        cause=Cause("till", str(session.uuid)),
    )
    return posted.entry_id


def _legs(till: Till, over: int, to_safe: int) -> list[Leg]:
    """`over` is below zero when money lacks."""
    moves = [
        (over, accounts.over_short(till)),
        (-to_safe, accounts.safe(till.location)),
    ]
    return [
        leg
        for into_drawer, account in moves
        if into_drawer
        for leg in (Move(accounts.cash(till), into_drawer), Move(account, -into_drawer))
    ]
