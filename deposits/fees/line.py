"""A cancellation or no-show fee on a sale: income by itself, without tax, never discounted."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from checkout.line_kinds import IncomeLine, register
from checkout.models import LineItem, Order
from deposits.models import Fee
from ledger import accounts
from salon.money import minor

FEE_LINE = "fee"


class FeeLine(IncomeLine):
    """Anything may pay it that may pay at this desk; it goes back as any other line does."""

    discountable = False

    def hold(self, line: LineItem) -> None:
        """Who undoes a forfeiture locks the fee before the client's account."""
        list(_fees_of(line).values_list("pk"))

    def closed(self, line: LineItem, opened: Sequence[int | None]) -> None:
        """The fee that this sale was opened for is paid, unless the desk took less."""
        fee = _fees_of(line).first()
        if fee is None or fee.status != Fee.Status.TO_DO:
            return
        if minor(line.amount) >= minor(fee.rest):
            fee.status = Fee.Status.PAID
        else:
            fee.failure = f"{line.amount} of it was paid on {Order.objects.get(pk=line.order_id)}."
        fee.save(update_fields=["status", "failure"])

    def note(self, line: LineItem) -> str:
        return ""


def _fees_of(line: LineItem) -> QuerySet[Fee]:
    return Fee.objects.select_for_update().filter(order=line.order_id)


def register_fee_line() -> None:
    """Called once, when the program starts."""
    register(FeeLine(FEE_LINE, "Fee", accounts.income("fees")))
