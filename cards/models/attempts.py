"""One try to take money from a card."""

import uuid

from django.db import models
from django.db.models import F, Q
from djmoney.models.fields import MoneyField

from cards.models.on_file import CardOnFile, ProcessorCustomer
from clients.models import Client
from ledger.models import Entry
from salon.models import Location, StaffMember


class AttemptQuerySet(models.QuerySet):
    def open(self) -> "AttemptQuerySet":
        """Those that may still take money."""
        return self.filter(status__in=Attempt.OPEN)


class Attempt(models.Model):
    """Written before the processor is called, and ended by what the processor says, never by us.

    `purpose` and `reference` name what it pays, in the words of an upper floor that registered the
    purpose (cards/purposes.py). While it is open it may take money at any moment.
    """

    class Way(models.TextChoices):
        PHONE = "phone", "Client’s phone"
        SCREEN = "screen", "This screen"
        ON_FILE = "on_file", "Card on file"
        READER = "reader", "Card reader"

    class Status(models.TextChoices):
        STARTED = "started", "Starting"
        """Written; whether the processor heard of it is not known."""
        WAITING = "waiting", "Waiting for the card"
        """The processor waits for the client, the reader or the bank."""
        SUCCEEDED = "succeeded", "Paid"
        FAILED = "failed", "Declined"
        CANCELED = "canceled", "Canceled"

    OPEN = (Status.STARTED, Status.WAITING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=24)
    reference = models.CharField(max_length=64)
    description = models.CharField(max_length=200, help_text="What the client reads at the card.")
    way = models.CharField(max_length=8, choices=Way.choices)
    amount = MoneyField(max_digits=12, decimal_places=2)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.STARTED)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, related_name="card_attempts"
    )
    card = models.ForeignKey(
        CardOnFile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The kept card that is charged, or that was kept when it paid.",
    )
    customer = models.ForeignKey(
        ProcessorCustomer, on_delete=models.PROTECT, null=True, related_name="+"
    )
    keep_card = models.BooleanField(
        default=False, help_text="The client agreed that the card which pays is kept, too."
    )
    reader_id = models.CharField(max_length=80, blank=True)
    back_url = models.URLField(max_length=500, blank=True)
    page_id = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=1000, blank=True, help_text="The processor's hosted page.")
    payment_id = models.CharField(max_length=80, blank=True)
    brand = models.CharField(max_length=24, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure = models.CharField(max_length=300, blank=True, help_text="Why, in the desk's words.")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField(help_text="From then on it is canceled, if nobody paid.")
    cancel_asked_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True, help_text="When the processor was last asked.")
    ended_at = models.DateTimeField(null=True)
    fee_entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    held: object = None
    """What it pays, as its purpose locked it in the transaction that locked the attempt."""

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["purpose", "reference"], name="cards_attempt_by_purpose"),
            models.Index(
                fields=["started_at"],
                condition=Q(status__in=("started", "waiting")),
                name="cards_attempt_open",
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(status="succeeded", fee_entry__isnull=True),
                name="cards_attempt_without_fee",
            ),
            models.Index(
                fields=["payment_id"], condition=~Q(payment_id=""), name="cards_attempt_payment"
            ),
            models.Index(fields=["page_id"], condition=~Q(page_id=""), name="cards_attempt_page"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="cards_attempt_above_zero"),
            models.CheckConstraint(
                condition=Q(status__in=("started", "waiting"), ended_at__isnull=True)
                | Q(status__in=("succeeded", "failed", "canceled"), ended_at__isnull=False),
                name="cards_attempt_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gte=F("started_at")), name="cards_attempt_expiry_ahead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} by {self.get_way_display().lower()}"

    @property
    def is_open(self) -> bool:
        """It may still take money."""
        return self.status in self.OPEN

    @property
    def card_said(self) -> str:
        """Visa •••• 4242; empty while it is not known."""
        if self.last4:
            return f"{self.brand} •••• {self.last4}"
        return str(self.card) if self.card else ""

    def key(self, step: str) -> str:
        """The idempotency key of one call for it."""
        return f"attempt:{self.uuid}:{step}"
