"""A period that is owed, paid at a desk in any way but with credit."""

from __future__ import annotations

import uuid as uuids

from django.db import transaction

from checkout.lines import add_line
from checkout.locking import lock_open, require
from checkout.models import Order
from checkout.opening import open_order
from clients.standing import hold
from memberships.enrolling.line import period_line
from memberships.errors import Refused, as_refused
from memberships.locking import lock_period
from memberships.models import Period
from memberships.renewing.charging import is_at_desk
from salon import permissions, said
from salon.desk import Desk
from salon.models import Location
from salon.toggles import balances_enabled

_TAKEN = (*Period.OWED, Period.Status.ASKED)


@transaction.atomic
def take_at_desk(*, period: Period, desk: Desk, order: Order | None = None) -> Order:
    """An open sale of the client's with the period on it, which is paid once that closes: `order`,
    else a new one.

    Until then no card is asked for it. Again, it finds the sale that it is on. Locks the order,
    then the membership. Raises Refused where it is not owed, or is being charged at this moment,
    or where the order is not open, or another client's.
    """
    with as_refused():
        require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
        found = lock_open(order, desk) if order else None
    locked = lock_period(period.uuid)
    if is_at_desk(locked):
        assert locked.order is not None  # nosec B101 - is_at_desk says so
        return locked.order
    _check(locked, found.location if found else desk.location)
    with as_refused():
        client = hold(locked.membership.client)
        if found and found.client_id != client.pk:
            raise Refused(f"Sale #{found.number} is not {client.name}’s. Nothing was added to it.")
        sale = found or open_order(desk=desk, client=client)
        line = period_line(locked)
        # A sale that was voided keeps its line, with what was that line's uuid.
        line.uuid, line.order = uuids.uuid4(), sale
        locked.line = add_line(line=line, desk=desk)
    locked.order = sale
    locked.save(update_fields=["order", "line"])
    return sale


def _check(period: Period, location: Location) -> None:
    if period.status == Period.Status.CHARGING:
        raise Refused(
            "The card is being charged for it at this moment. Nothing was put on a sale. Wait "
            "until that has ended."
        )
    if period.status not in _TAKEN:
        raise Refused(
            f"This period is {period.get_status_display().lower()}. Nothing was put on a sale."
        )
    if period.adds and not balances_enabled(location):
        raise Refused(
            f"Client Account Balances are switched off at {location}, and it would add "
            f"{said.amount(period.adds)}. Nothing was put on a sale."
        )
