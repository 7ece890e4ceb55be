"""Money handed on to a provider's own account, or taken back from it."""

import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField

from cards.models.attempts import Attempt
from ledger.models import Entry
from salon.models import Location, MerchantAccount, StaffMember


class Transfer(models.Model):
    """Written with what it follows from; sent after that commits; posts once the processor did it.

    `by_hand`: the house paid the provider itself (cash, bank); nothing is sent then.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "On its way"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(MerchantAccount, on_delete=models.PROTECT, related_name="transfers")
    amount = MoneyField(max_digits=12, decimal_places=2)
    takes_back = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="taken_back_by",
        help_text="The transfer of which this takes so much back.",
    )
    attempt = models.ForeignKey(
        Attempt,
        on_delete=models.PROTECT,
        null=True,
        related_name="transfers",
        help_text="The charge of which it is a share: it goes out before that is available.",
    )
    by_hand = models.CharField(max_length=24, blank=True, help_text="How it was paid by hand.")
    note = models.CharField(max_length=240, blank=True)
    purpose = models.CharField(max_length=24, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    gateway_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="Part of the key: after a call that broke down it is asked anew."
    )
    sent_at = models.DateTimeField(null=True, help_text="When its present key was first used.")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["purpose", "reference"], name="cards_transfer_by_purpose"),
            models.Index(
                fields=["asked_at"], condition=Q(status="waiting"), name="cards_transfer_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="cards_transfer_above_zero"),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(entry__isnull=False), name="cards_transfer_posted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {'back from' if self.takes_back_id else 'to'} {self.account}"

    @property
    def key(self) -> str:
        """The idempotency key at the processor."""
        return f"transfer:{self.uuid}:{self.tries}"
