"""Which money paid which line."""

from django.db import models
from djmoney.models.fields import MoneyField

from checkout.models.orders import LineItem
from checkout.models.tenders import Tender
from ledger.models import Lot


class Allocation(models.Model):
    """Line × tender × lot drawn, with tax. Written when the order closes, never changed.

    Refunds, settle-up and providers' shares read these and nothing else.
    """

    line = models.ForeignKey(LineItem, on_delete=models.PROTECT, related_name="allocations")
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="allocations")
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, related_name="+", help_text="Credits only."
    )
    amount = MoneyField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="checkout_allocation_above_zero"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.line}"
