"""One payment on an order."""

import uuid

from django.db import models
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from checkout.models.orders import Order
from ledger.models import Account, Entry
from salon.models import StaffMember, Till
from salon.models.archiving import Archivable


class CustomPayment(Archivable):
    """A payment button of the owner's own: "Voucher", "Hotel folio"."""

    name = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Tender(models.Model):
    """Money taken on an order; it posted when it was taken (`entry`).

    What went back while the order was open, and refunds later, are parts of `Refund` rows;
    `returned` keeps their sum and `returned_at` is set once nothing of it stands on an open order.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tenders")
    kind = models.CharField(max_length=24)
    custom = models.ForeignKey(CustomPayment, on_delete=models.PROTECT, null=True, blank=True)
    amount = MoneyField(max_digits=12, decimal_places=2)
    cash_given = MoneyField(max_digits=12, decimal_places=2, null=True, default=None)
    reference = models.CharField(max_length=80, blank=True)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, blank=True)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: nobody at a desk; a client online.",
    )
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose lots it drew, where that is not the client's own account credit.",
    )
    owed = MoneyField(
        max_digits=12,
        decimal_places=2,
        default=0,
        help_text="The part of a Credits payment that the client now owes.",
    )
    override_reason = models.CharField(
        max_length=240, blank=True, help_text="Why the client may owe more than the limit."
    )
    taken_back = MoneyField(
        max_digits=12, decimal_places=2, default=0, help_text="Taken back before the order closed."
    )
    returned_at = models.DateTimeField(
        null=True, help_text="When all of it had been taken back before the order closed."
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, taken_back__gte=0, owed__gte=0)
                & models.Q(taken_back__lte=models.F("amount"), owed__lte=models.F("amount")),
                name="checkout_tender_bounds",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def standing(self) -> Money:
        """What of it pays this order."""
        return self.amount - self.taken_back

    @property
    def owed_standing(self) -> Money:
        """What of it the client owes on this order: what is taken back is taken off this first."""
        return max(self.owed - self.taken_back, self.owed * 0)

    @property
    def change_due(self) -> Money | None:
        """Cash to hand back, when cash was given."""
        return None if self.cash_given is None else self.cash_given - self.amount
