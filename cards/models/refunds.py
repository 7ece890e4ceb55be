"""Money on its way back to a card."""

import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField

from cards.models.attempts import Attempt
from ledger.models import Entry
from salon.models import Location, StaffMember


class CardRefundQuerySet(models.QuerySet):
    def under_way(self) -> "CardRefundQuerySet":
        """Not yet at an end: to be sent, or the processor still works on it."""
        return self.filter(status__in=CardRefund.UNDER_WAY)

    def stranded(self) -> "CardRefundQuerySet":
        """The card refused and nobody has said yet where the money goes instead."""
        return self.filter(status=CardRefund.Status.REFUSED, instead_entry__isnull=True)


class CardRefund(models.Model):
    """So much of a charge, going back to its card. Written with the entry that gave it back.

    The books count it as given back from that moment; this row says how far the card is. Where the
    card refuses, `instead_entry` is what was done with the money.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "On its way"
        """To be sent, or sent and not answered."""
        PENDING = "pending", "At the card company"
        DONE = "done", "Back on the card"
        REFUSED = "refused", "Refused by the card"

    UNDER_WAY = (Status.WAITING, Status.PENDING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="refunds")
    purpose = models.CharField(max_length=24)
    reference = models.CharField(max_length=64, help_text="What gave it back: a refund's uuid.")
    amount = MoneyField(max_digits=12, decimal_places=2)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    gateway_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="Part of the key: after a refusal it may be asked anew."
    )
    sent_at = models.DateTimeField(null=True, help_text="When its present key was first used.")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    instead_entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="+"
    )
    instead = models.CharField(max_length=24, blank=True, help_text="Where it went: balance, cash.")

    objects = CardRefundQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["purpose", "reference"], name="cards_refund_by_purpose"),
            models.Index(
                fields=["asked_at"],
                condition=Q(status__in=("waiting", "pending")),
                name="cards_refund_under_way",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="cards_refund_above_zero")
        ]

    def __str__(self) -> str:
        return f"{self.amount} back to {self.attempt.card_said or 'the card'}"

    @property
    def key(self) -> str:
        """The idempotency key at the processor."""
        return f"refund:{self.uuid}:{self.tries}"
