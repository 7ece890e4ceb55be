"""What the processor told by itself."""

from django.db import models
from djmoney.models.fields import MoneyField

from cards.models.attempts import Attempt
from ledger.models import Entry


class ProcessorEvent(models.Model):
    """One event, kept as it came; each is applied once, in any order, or again from the admin."""

    class Status(models.TextChoices):
        NEW = "new", "To be applied"
        APPLIED = "applied", "Applied"
        IGNORED = "ignored", "Not for us"
        FAILED = "failed", "Failed"

    gateway_id = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=80)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    object = models.JSONField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.NEW)
    note = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(status__in=("new", "failed")),
                name="cards_event_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.gateway_id}"


class Dispute(models.Model):
    """A client's bank took a charge back; the salon may answer at the processor."""

    class Status(models.TextChoices):
        OPEN = "open", "To be answered"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="disputes")
    gateway_id = models.CharField(max_length=80, unique=True)
    amount = MoneyField(max_digits=12, decimal_places=2)
    fee = MoneyField(max_digits=12, decimal_places=2, default=0)
    reason = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=4, choices=Status.choices, default=Status.OPEN)
    answer_by = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    withdrawn_entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Dispute of {self.amount}"


class Payout(models.Model):
    """Money that the processor sent to the salon's bank."""

    gateway_id = models.CharField(max_length=80, unique=True)
    amount = MoneyField(max_digits=12, decimal_places=2, help_text="Below zero: it was taken.")
    arrives_on = models.DateField()
    paid_entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    failed_entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Payout of {self.amount}"
