"""Cards that clients allowed to be kept: the processor's tokens, never a number."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from clients.models import Client
from salon.models import StaffMember, Till


class ProcessorCustomer(models.Model):
    """A client at the processor, to whom the kept cards belong. A merged client may leave two."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="at_processor")
    gateway_id = models.CharField(max_length=80, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.gateway_id


class CardSaving(models.Model):
    """One time that a client was asked to have a card kept: who asked, and what they agreed to.

    Written before the processor's page is opened. It ends with a card, or expires.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="card_savings")
    customer = models.ForeignKey(ProcessorCustomer, on_delete=models.PROTECT, null=True)
    page_id = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    terms = models.TextField(help_text="What the client agreed to, word by word.")
    back_url = models.URLField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    asked_till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, related_name="+")
    consented_at = models.DateTimeField(null=True)
    consented_from = models.GenericIPAddressField(
        null=True, help_text="The address of the device on which the terms were accepted."
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"card of {self.client}"


class CardOnFileQuerySet(models.QuerySet):
    def standing(self) -> "CardOnFileQuerySet":
        """Those that may be charged, the default one first."""
        return self.filter(removed_at__isnull=True).order_by("-is_default", "-id")


class CardOnFile(models.Model):
    """A card that may be charged when the client is not there."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="cards_on_file")
    customer = models.ForeignKey(ProcessorCustomer, on_delete=models.PROTECT)
    saving = models.OneToOneField(
        CardSaving, on_delete=models.PROTECT, null=True, related_name="card"
    )
    method = models.CharField(max_length=120, unique=True, help_text="The processor's token.")
    brand = models.CharField(max_length=24)
    last4 = models.CharField(max_length=4)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    is_default = models.BooleanField(default=False)
    consented_at = models.DateTimeField(help_text="When the client agreed that it is kept.")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    removed_till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, related_name="+")
    forgotten_at = models.DateTimeField(
        null=True, help_text="When the processor let go of it after it was removed."
    )

    objects = CardOnFileQuerySet.as_manager()

    class Meta:
        ordering = ["-is_default", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(is_default=True, removed_at__isnull=True),
                name="cards_one_default_for_a_client",
            ),
            models.CheckConstraint(
                condition=Q(exp_month__gte=1, exp_month__lte=12), name="cards_month_of_expiry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last4}"

    @property
    def expiry(self) -> str:
        """08/27"""
        return f"{self.exp_month:02}/{self.exp_year % 100:02}"

    @property
    def last_day(self) -> dt.date:
        """The last day on which it can be charged: the end of its month."""
        following = dt.date(self.exp_year + self.exp_month // 12, self.exp_month % 12 + 1, 1)
        return following - dt.timedelta(days=1)
