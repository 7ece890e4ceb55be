"""What somebody agreed to when they enrolled, before and after it is paid."""

import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField

from cards.models import CardOnFile
from checkout.models import LineItem, Order
from clients.models import Client
from memberships.models.plans import Plan, Terms
from salon.models import Location, StaffMember


class Enrolment(Terms):
    """Somebody wants to be a member: the terms, the consent, and how it is paid.

    At the desk it belongs to a line of an open sale, goes with it, and starts when the sale closes.
    Online it waits for its card payment (purpose "enrolment", reference its uuid), or for a card to
    be kept where nothing is due yet.
    """

    class CameFrom(models.TextChoices):
        DESK = "desk", "At the desk"
        ONLINE = "online", "Online"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for the payment"
        STARTED = "started", "Member"
        LAPSED = "lapsed", "Not paid in time"
        RETURNED = "returned", "Could not start, sent back"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="enrolments")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="enrolments")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    came_from = models.CharField(max_length=6, choices=CameFrom.choices)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    line = models.OneToOneField(
        # A line leaves only an open sale, and then nobody became a member by it.
        LineItem,
        on_delete=models.CASCADE,
        null=True,
        related_name="enrolment",
        help_text="The line that sells it; online once it is paid, none where nothing was due.",
    )
    card = models.ForeignKey(
        CardOnFile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Charged from then on; online known once it is kept.",
    )
    card_saving = models.UUIDField(null=True, help_text="cards.CardSaving, where one was begun.")
    billing_day = models.PositiveSmallIntegerField(null=True)
    minimum_periods = models.PositiveSmallIntegerField(default=0)
    joining_fee = MoneyField(max_digits=12, decimal_places=2, default=0)
    has_trial = models.BooleanField(
        default=False, help_text="Nothing of the first period is charged with the enrolment."
    )
    first_from = models.DateField(help_text="The first period’s first day: after a trial, if any.")
    first_until = models.DateField(help_text="The day on which the second period begins.")
    first_price = MoneyField(
        max_digits=12, decimal_places=2, help_text="In proportion where the period is a short one."
    )
    first_adds = MoneyField(max_digits=12, decimal_places=2)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True, help_text="Online: until when it may be paid.")
    ended_at = models.DateTimeField(null=True)
    consented_at = models.DateTimeField()
    consent = models.TextField(help_text="What was agreed to, word by word, figures included.")
    address = models.GenericIPAddressField(null=True, help_text="Of the client’s device.")
    device = models.CharField(max_length=300, blank=True, help_text="The browser’s own words.")
    name = models.CharField(max_length=160, blank=True, help_text="As typed online.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    order = models.OneToOneField(
        Order,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Online: the sale that recorded the payment.",
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(status="waiting"), name="memberships_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} joins {self.plan}"

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING
