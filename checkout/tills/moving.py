"""Cash that no sale moves: paid in, paid out, brought to the safe."""

import uuid as uuids

from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused
from checkout.locking import require
from checkout.models import CashMovement
from checkout.tills.figures import expected_in
from checkout.tills.locking import check_amount, check_here, check_in_use, hold, open_session
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move
from ledger.posting import Cause, post
from salon import permissions, said
from salon.desk import Desk
from salon.models import BusinessSettings, Till
from salon.money import minor, money

IN, OUT = CashMovement.Direction.IN, CashMovement.Direction.OUT
LONGEST_REASON = 240


def pay_in(
    *,
    till: Till,
    amount: Money,
    desk: Desk,
    uuid: uuids.UUID,
    reason: str = "",
    from_safe: bool = False,
) -> CashMovement:
    """Put cash in the till: from the safe, or else as other income, which needs a reason.

    `amount` is above zero. `uuid` comes with the form: sent twice, it pays once. Locks the till's
    row. Raises Refused.
    """
    return _move(IN, till, amount, desk, uuid, reason.strip(), from_safe)


def pay_out(
    *,
    till: Till,
    amount: Money,
    desk: Desk,
    uuid: uuids.UUID,
    reason: str = "",
    to_safe: bool = False,
) -> CashMovement:
    """Take cash out of the till: to the safe, or else as an expense, which needs a reason.

    Never more than the books say is in it. Like pay_in else.
    """
    return _move(OUT, till, amount, desk, uuid, reason.strip(), to_safe)


@transaction.atomic
def _move(
    direction: CashMovement.Direction,
    till: Till,
    amount: Money,
    desk: Desk,
    uuid: uuids.UUID,
    reason: str,
    to_safe: bool,
) -> CashMovement:
    nothing = f"Nothing was {direction.label.lower()}."
    require(desk, permissions.MOVE_CASH, "pay cash in and out of a till")
    held = hold(till)
    twin = CashMovement.objects.filter(uuid=uuid).first()
    if twin is not None:
        return _same(twin, held, direction, amount, to_safe)
    session = open_session(held)
    _check(held, amount, desk, reason, to_safe, nothing)
    if session is None and BusinessSettings.current().cash_needs_open_till:
        raise Refused(f"{held} is not open. Open it first. {nothing}")
    if direction == OUT:
        _check_holds(held, minor(amount), nothing)
    posted = post(
        key=f"cash-movement:{uuid}",
        kind=EntryKind.TILL,
        legs=_legs(direction, held, minor(amount), to_safe),
        desk=desk,
        note=reason,
        cause=Cause("cash_movement", str(uuid)),
    )
    return CashMovement.objects.create(
        uuid=uuid,
        till=held,
        session=session,
        direction=direction,
        amount=amount,
        to_safe=to_safe,
        reason=reason,
        at=desk.at,
        by=desk.person,
        entry_id=posted.entry_id,
    )


def _legs(direction: str, till: Till, amount: int, to_safe: bool) -> list[Leg]:
    cents = amount if direction == IN else -amount
    if to_safe:
        other = accounts.safe(till.location)
    else:
        other = accounts.PAID_IN if direction == IN else accounts.PAID_OUT
    return [Move(accounts.cash(till), cents), Move(other, -cents)]


def _check(till: Till, amount: Money, desk: Desk, reason: str, to_safe: bool, nothing: str) -> None:
    check_here(till, desk, nothing)
    check_in_use(till, nothing)
    check_amount(minor(amount), "amount", nothing)
    if not amount:
        raise Refused(f"Enter an amount above zero. {nothing}", field="amount")
    if not reason and not to_safe:
        raise Refused(f"Say what it is for. {nothing}", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"Say it in at most {LONGEST_REASON} characters. {nothing}", field="reason")


def _check_holds(till: Till, amount: int, nothing: str) -> None:
    there = expected_in(till)
    if amount > there:
        raise Refused(
            f"{till} holds {said.amount(money(max(there, 0)))}. {nothing}", field="amount"
        )


def _same(
    twin: CashMovement, till: Till, direction: str, amount: Money, to_safe: bool
) -> CashMovement:
    done = (twin.till_id, twin.direction, twin.amount, twin.to_safe)
    if done != (till.pk, direction, amount, to_safe):
        raise Refused(
            "This form was already used for another amount. Load the page again. "
            "Nothing more was moved."
        )
    return twin
