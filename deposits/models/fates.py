"""What became of a deposit when its visit was canceled, moved, missed, or given away."""

import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField

from appointments.models import Appointment
from checkout.models import Refund
from clients.models import Client
from ledger.models import Entry
from salon.models import Location, StaffMember


class Decision(models.Model):
    """One decision about what is held for a visit; its parts are fates."""

    class Occasion(models.TextChoices):
        CANCELED = "canceled", "Canceled"
        LATE = "late", "Late cancellation"
        NO_SHOW = "no_show", "No-show"
        MOVED = "moved", "Rescheduled"
        CLIENT = "client", "Given to another client"
        BY_HAND = "by_hand", "Decided by hand"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="deposit_decisions"
    )
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="+", help_text="Whose money it was."
    )
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    held = MoneyField(max_digits=12, decimal_places=2, help_text="All that was decided about.")
    policy = models.CharField(
        max_length=300, blank=True, help_text="What the policy preselected, and why."
    )
    reason = models.CharField(max_length=240, blank=True)
    told = models.TextField(blank=True, help_text="What the client was told; empty: nothing.")
    at = models.DateTimeField()
    by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: the client, online.",
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}: {self.held} of {self.appointment}"


class Fate(models.Model):
    """So much of a deposit, and where it went. Each has an entry of its own, or a refund."""

    class Kind(models.TextChoices):
        MOVED = "moved", "Moved to another visit"
        KEPT = "kept", "Kept as account balance"
        REFUNDED = "refunded", "Refunded to the card"
        FORFEITED = "forfeited", "Forfeited"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="fates")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    amount = MoneyField(max_digits=12, decimal_places=2)
    to_appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    refunds = models.ManyToManyField(
        Refund, related_name="deposit_fates", help_text="One for each sale that sold a part of it."
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposits_fate_above_zero"),
            models.CheckConstraint(
                condition=Q(kind="moved", to_appointment__isnull=False)
                | (~Q(kind="moved") & Q(to_appointment__isnull=True)),
                name="deposits_fate_moved_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.get_kind_display().lower()}"
