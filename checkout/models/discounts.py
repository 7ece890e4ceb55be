"""What is taken off a price, by whom and why."""

import uuid

from django.db import models
from djmoney.models.fields import MoneyField

from checkout.models.orders import LineItem, Order
from salon import said
from salon.models import StaffMember, Till
from salon.models.archiving import Archivable
from salon.models.percent_or_amount import PercentOrAmount

PERCENT_OR_MONEY = models.Q(percent__isnull=False, amount__isnull=True) | models.Q(
    percent__isnull=True, amount__isnull=False
)


class PresetDiscount(PercentOrAmount, Archivable):
    """A discount of the owner's own, one press at the desk: "Returning client 10 %"."""

    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=PERCENT_OR_MONEY,
                name="checkout_preset_percent_or_money",
                violation_error_message="Enter a percentage or an amount, not both.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Discount(models.Model):
    """One discount on an open or closed order: on one line, or (no line) on all that take one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="discounts")
    line = models.ForeignKey(
        LineItem, on_delete=models.CASCADE, null=True, blank=True, related_name="discounts"
    )
    preset = models.ForeignKey(PresetDiscount, on_delete=models.PROTECT, null=True, blank=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    amount = MoneyField(max_digits=12, decimal_places=2, null=True, blank=True, default=None)
    taken_off = MoneyField(
        max_digits=12, decimal_places=2, default=0, help_text="What it takes off now."
    )
    reason = models.CharField(max_length=120)
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=PERCENT_OR_MONEY, name="checkout_discount_percent_or_money"
            )
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def label(self) -> str:
        """As it reads on the sale and the receipt: "Returning client, 10 %"."""
        if self.percent is None:
            return self.reason
        percent = said.percent(self.percent)
        return self.reason if percent in self.reason else f"{self.reason}, {percent}"
