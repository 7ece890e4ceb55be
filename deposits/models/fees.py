"""A fee for a late cancellation or a no-show, beyond what the deposit covered."""

import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from appointments.models import Appointment
from checkout.models import Order
from clients.models import Client
from deposits.models.fates import Decision
from salon.models import Location, StaffMember, Till


class Fee(models.Model):
    """What a client is charged for a visit that did not happen; at most one stands for a visit.

    The deposit comes first (`from_deposit`, forfeited by the decision), the card on file pays
    `amount - from_deposit`. Card attempts name it: purpose "fee", reference its uuid.
    """

    class Status(models.TextChoices):
        CHARGING = "charging", "Charging the card"
        COVERED = "covered", "Covered by the deposit"
        PAID = "paid", "Paid"
        OWED = "owed", "Owed on the account"
        TO_DO = "to_do", "To be collected"
        """The card failed, or there is none: somebody has to look."""
        WAIVED = "waived", "Waived"

    TO_COLLECT = (Status.CHARGING, Status.TO_DO)
    """Somebody has to see that it is paid."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="fees")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="fees")
    occasion = models.CharField(
        max_length=8,
        choices=[("late", "Late cancellation"), ("no_show", "No-show")],
    )
    amount = MoneyField(max_digits=12, decimal_places=2, help_text="At most the visit's price.")
    from_deposit = MoneyField(max_digits=12, decimal_places=2, default=0)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.TO_DO)
    failure = models.CharField(max_length=300, blank=True)
    order = models.OneToOneField(
        Order,
        on_delete=models.PROTECT,
        null=True,
        related_name="fee",
        help_text="The sale that took what the deposit did not cover.",
    )
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    waived_till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, related_name="+")
    waived_reason = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["location"],
                condition=Q(status__in=("charging", "to_do")),
                name="deposits_fees_to_do",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, from_deposit__gte=0)
                & Q(from_deposit__lte=models.F("amount")),
                name="deposits_fee_bounds",
            ),
            models.UniqueConstraint(
                fields=["appointment"],
                condition=~Q(status="waived"),
                name="deposits_one_fee_for_a_visit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.appointment}"

    @property
    def rest(self) -> Money:
        """What the deposit does not cover."""
        return self.amount - self.from_deposit
