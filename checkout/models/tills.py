"""A till's day: opened with a float, counted at the end; and cash that no sale moved."""

import uuid

from django.db import models
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from ledger.models import Entry
from salon.models import StaffMember, Till


class TillSession(models.Model):
    """From opening a till to counting it. Its figures are the ledger's: expected is read there."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="sessions")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    float = MoneyField(max_digits=12, decimal_places=2, help_text="Counted when it was opened.")
    opening_entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="+"
    )
    opened_after = models.BigIntegerField(
        help_text="The last journal entry before it; entries on the till with greater ids are its."
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    business_date = models.DateField(help_text="The day that it was opened.")
    expected = MoneyField(max_digits=12, decimal_places=2, null=True, default=None)
    counted = MoneyField(max_digits=12, decimal_places=2, null=True, default=None)
    left_in = MoneyField(
        max_digits=12,
        decimal_places=2,
        null=True,
        default=None,
        help_text="What stays for the next float; the rest went to the safe.",
    )
    note = models.CharField(max_length=240, blank=True)
    closing_entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_after = models.BigIntegerField(
        null=True, help_text="The last journal entry that can be its, but for the closing one."
    )

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["till"],
                condition=models.Q(closed_at__isnull=True),
                name="checkout_one_open_session_for_a_till",
            )
        ]

    def __str__(self) -> str:
        return f"{self.till} {self.business_date}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def over(self) -> Money | None:
        """What was counted beyond the expected; below zero: short. None while it is open."""
        if self.counted is None or self.expected is None:
            return None
        return self.counted - self.expected

    @property
    def to_safe(self) -> Money | None:
        """What was brought to the safe when it was closed."""
        if self.counted is None or self.left_in is None:
            return None
        return self.counted - self.left_in


class CashMovement(models.Model):
    """Cash paid in or out by hand, with its reason."""

    class Direction(models.TextChoices):
        IN = "in", "Paid in"
        OUT = "out", "Paid out"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="movements")
    session = models.ForeignKey(
        TillSession, on_delete=models.PROTECT, null=True, related_name="movements"
    )
    direction = models.CharField(max_length=3, choices=Direction.choices)
    amount = MoneyField(max_digits=12, decimal_places=2)
    to_safe = models.BooleanField(
        default=False, help_text="To or from the safe; otherwise an expense, or other income."
    )
    reason = models.CharField(max_length=240)
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="checkout_cash_movement_above_zero"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.amount}"
