"""Money that went back."""

import uuid

from django.db import models
from djmoney.models.fields import MoneyField

from checkout.models.allocations import Allocation
from checkout.models.orders import Order
from checkout.models.tenders import Tender
from clients.models import Client
from ledger.models import Entry
from salon.models import Location, StaffMember, Till


class Refund(models.Model):
    """One act of giving back, on an open order (a payment taken back) or a closed one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    before_close = models.BooleanField(help_text="Taken back while the order was open.")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose balance took what went to a balance.",
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: nobody at a desk; a client online.",
    )
    business_date = models.DateField()
    reason = models.CharField(max_length=240, blank=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Refund {self.number}"

    @property
    def number(self) -> str:
        """What people call it: R1042-7."""
        return f"R{self.order.number}-{self.pk}"


class RefundPart(models.Model):
    """So much of one tender, given back one way. On a closed order it names the allocation."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="parts")
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="refund_parts")
    allocation = models.ForeignKey(
        Allocation, on_delete=models.PROTECT, null=True, related_name="refund_parts"
    )
    destination = models.CharField(max_length=24, help_text="A tender kind, or balance.")
    amount = MoneyField(max_digits=12, decimal_places=2, help_text="With tax.")
    tax = MoneyField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, tax__gte=0), name="checkout_refund_part_above_zero"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} to {self.destination}"
