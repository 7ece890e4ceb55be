"""Self checkout: what a client sees of a sale on their own phone, and how much they may pay."""

import uuid as uuids
from enum import StrEnum
from functools import cached_property

from djmoney.money import Money

from cards import gateways
from checkout import tips
from checkout.models import LineItem, Order, OrderCharge
from checkout.presenting import OrderPage
from checkout.tender_kinds import CHARGE
from salon.desk import Desk


class Stand(StrEnum):
    """Whether the sale can be paid on a phone now, and why not."""

    READY = "ready"
    OWN = "own"
    """This phone has begun a payment that is not finished."""
    BUSY = "busy"
    """All that remains is being paid by somebody else."""
    PAID = "paid"
    EMPTY = "empty"
    CLOSED = "closed"
    VOIDED = "voided"
    OFF = "off"
    """No processor is connected."""


class SelfCheckout:
    """One sale at one phone. `cap`: at most so much of it; `own`: what it began last."""

    def __init__(self, order: Order, cap: Money | None = None, own: uuids.UUID | None = None):
        self.order = order
        self.cap = cap
        self.page = OrderPage(order, Desk(staff=None, location=order.location))
        self._own = own

    @cached_property
    def stand(self) -> Stand:
        if self.order.status == Order.Status.VOIDED:
            return Stand.VOIDED
        if not self.order.is_open:
            return Stand.CLOSED
        if not self.page.lines:
            return Stand.EMPTY
        if self.own:
            return Stand.OWN
        if self.page.charges and not self.page.can_pay:
            return Stand.BUSY
        if not self.page.can_pay:
            return Stand.PAID
        return Stand.READY if gateways.connected() else Stand.OFF

    @property
    def own(self) -> OrderCharge | None:
        """What this phone has begun and not finished."""
        charges = self.page.charges
        return next((c for c in charges if c.by_client and c.attempt.uuid == self._own), None)

    @property
    def amount(self) -> Money:
        """What this phone pays now, without a tip."""
        payable = self.page.payable_by(CHARGE)
        return payable if self.cap is None else min(payable, self.cap)

    @property
    def is_part(self) -> bool:
        """Something remains besides."""
        return self.amount < self.page.totals.remaining

    @cached_property
    def lines(self) -> list[LineItem]:
        return self.page.lines

    @property
    def takes_tips(self) -> bool:
        """Some service says who gave it."""
        return bool(tips.shares(self.amount, self.lines))


def charge_of(order: Order, uuid: uuids.UUID | None) -> OrderCharge | None:
    """A payment that a client began on a phone, whatever came of it. One query."""
    charges = order.charges.select_related("attempt__card", "tender")
    return charges.filter(attempt__uuid=uuid, by_client=True).first() if uuid else None
