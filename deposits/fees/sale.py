"""The sale of a fee: paid by a card already, owed by the client, or open at a desk."""

from __future__ import annotations

import uuid as uuids

from django.db import transaction

from appointments.times import when
from checkout.closing import close_order
from checkout.errors import Refused
from checkout.lines import add_line
from checkout.models import LineItem, Order
from checkout.opening import open_order
from checkout.tender_kinds import CREDITS
from checkout.tendering import take_tender
from clients.standing import hold
from deposits.fees.line import FEE_LINE
from deposits.models import Fee
from ledger.errors import LedgerError
from ledger.owing import limit_of
from salon.desk import Desk
from salon.policy import Policy


def fee_line(fee: Fee) -> LineItem:
    """The line of what the deposit did not cover; not saved, and on no order yet."""
    what = f"{fee.get_occasion_display()} fee · {when(fee.appointment)}"
    return LineItem(kind=FEE_LINE, description=what, unit_price=fee.rest)


def sale_for(fee: Fee, desk: Desk, uuid: uuids.UUID | None = None) -> Order:
    """An open order of the client's with the fee on it."""
    order = open_order(desk=desk, client=hold(fee.client), uuid=uuid)
    line = fee_line(fee)
    line.order = order
    add_line(line=line, desk=desk)
    return order


def owe(fee: Fee, desk: Desk) -> Order | None:
    """Put the rest of a fee on the client's account; None where they may not owe so much.

    A closed sale paid with Credits: free credit first, then what they owe. Part of the transaction
    that is under way; where it does not work, nothing of it stands.
    """
    if limit_of(hold(fee.client), Policy.of(fee.location)) is None:
        return None
    alone = Desk(staff=desk.staff, location=fee.location, at=desk.at, by_itself=True)
    try:
        with transaction.atomic():
            order = sale_for(fee, alone)
            take_tender(order=order, kind=CREDITS, amount=fee.rest, desk=alone, uuid=uuids.uuid4())
            return close_order(order=order, desk=alone)
    except (Refused, LedgerError):
        return None
