"""A deposit that somebody is asked for: with an online booking, or by a payment link."""

import datetime as dt
import math
import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField

from appointments.models import Appointment
from checkout.models import Order
from salon import clock
from salon.models import StaffMember


class DepositRequest(models.Model):
    """Written before a card is asked; paid at most once.

    An online booking makes one with its visit, which is PENDING and holds its time until
    `expires_at`; also one of $0.00 where no deposit is asked. A link is sent by the desk for a
    visit that stands. Card attempts name it: purpose "deposit", reference its uuid.
    """

    class CameFrom(models.TextChoices):
        ONLINE = "online", "Online booking"
        LINK = "link", "Payment link"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for the payment"
        CONFIRMED = "confirmed", "Confirmed"
        """Paid, or nothing was asked."""
        LAPSED = "lapsed", "Not paid in time"
        CANCELED = "canceled", "Canceled"
        RETURNED = "returned", "Paid too late, sent back"
        """It was paid once nothing could be held for it any more; the card gets it back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="deposit_requests"
    )
    came_from = models.CharField(max_length=6, choices=CameFrom.choices)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.WAITING)
    amount = MoneyField(max_digits=12, decimal_places=2, help_text="May be zero.")
    explained = models.TextField(blank=True, help_text="Which rule asked for it, in words.")
    name = models.CharField(max_length=160, blank=True, help_text="As typed by who booked.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True, max_length=1000)
    keep_card = models.BooleanField(
        default=False, help_text="The client agreed that the card is kept for fees."
    )
    card_saving = models.UUIDField(null=True, help_text="cards.CardSaving, where one was begun.")
    site = models.CharField(max_length=200, blank=True, help_text="The site it was embedded in.")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    order = models.OneToOneField(
        Order,
        on_delete=models.PROTECT,
        null=True,
        related_name="deposit_request",
        help_text="The sale that recorded the payment.",
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(status="waiting"), name="deposits_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="deposits_request_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.appointment}"

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING

    @property
    def minutes_left(self) -> int:
        """How long it can still be paid."""
        return max(0, math.ceil((self.expires_at - clock.now()) / dt.timedelta(minutes=1)))
