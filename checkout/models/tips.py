"""Tips that were paid out to who earned them."""

import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from ledger.models import Entry
from salon.models import Location, StaffMember, Till, TipsPaid


class TipPayout(models.Model):
    """So much of what one person was owed in tips, paid; undone by a reversal, never deleted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    act = models.UUIDField(db_index=True, help_text="The form that paid it, perhaps with others.")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="tip_payouts")
    amount = MoneyField(max_digits=12, decimal_places=2)
    owed = MoneyField(max_digits=12, decimal_places=2, help_text="What they were owed before it.")
    how = models.CharField(max_length=8, choices=TipsPaid)
    reference = models.CharField(max_length=240, blank=True)
    till = models.ForeignKey(
        Till, on_delete=models.PROTECT, null=True, related_name="+", help_text="Cash only."
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    after = models.BigIntegerField(
        help_text="The entry of their payment before; what was earned since is on this one's slip."
    )
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undo_entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="checkout_tip_payout_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(how="cash") ^ Q(till__isnull=True),
                name="checkout_tip_payout_cash_has_a_till",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) ^ Q(undo_entry__isnull=False),
                name="checkout_tip_payout_undone_posted",
            ),
        ]

    def __str__(self) -> str:
        return f"Tips paid to {self.staff}"

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    @property
    def left(self) -> Money:
        """What they were still owed after it."""
        return self.owed - self.amount
