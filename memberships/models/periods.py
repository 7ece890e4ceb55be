"""Billing periods: one charge, one sale and one lot each."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from djmoney.models.fields import MoneyField

from checkout.models import LineItem, Order
from ledger.models import Lot
from memberships.models.memberships import Membership
from memberships.models.plans import Plan, Terms
from salon.models import StaffMember


class PeriodQuerySet(models.QuerySet):
    def owed(self) -> Self:
        """Those whose charge failed and that are not paid yet."""
        return self.filter(status__in=Period.OWED)


class Period(Terms):
    """One billing period of a membership, with the terms that it is billed by.

    Written before its card is asked. `step` 0 is the period itself; 1 and more are differences that
    were charged when the plan became dearer in the middle of it; `price` and `adds` are that
    difference, the other terms those of the dearer plan as they were confirmed. Card attempts name
    it: purpose "membership", reference its uuid. Its sale has one line of the same uuid.
    """

    class Status(models.TextChoices):
        CHARGING = "charging", "Being charged"
        PAST_DUE = "past_due", "Past due"
        UNPAID = "unpaid", "Unpaid"
        PAID = "paid", "Paid"
        SKIPPED = "skipped", "Skipped"
        """Missed, or over while an earlier one was unpaid: never charged."""
        ASKED = "asked", "Missed: charge it?"
        """Missed, and the owner wants to be asked."""
        WAIVED = "waived", "Let go"
        DECLINED = "declined", "Declined"
        """Of a difference only: the card did not pay, and the plan stayed."""

    OWED = (Status.PAST_DUE, Status.UNPAID)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="periods")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField(default=0)
    full_price = MoneyField(
        max_digits=12,
        decimal_places=2,
        null=True,
        help_text="Of a difference: what a whole period costs once that is paid.",
    )
    full_adds = MoneyField(
        max_digits=12, decimal_places=2, null=True, help_text="The same of what one adds."
    )
    starts_on = models.DateField()
    until_on = models.DateField(help_text="The day on which the next one begins.")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.CHARGING)
    made_at = models.DateTimeField()
    by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who asked for it; empty: it was due.",
    )
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often a card was asked.")
    first_tried_on = models.DateField(null=True, help_text="Retries count from this day.")
    retries_done = models.PositiveSmallIntegerField(
        default=0, help_text="How many of the owner’s retry days are behind it."
    )
    next_try_on = models.DateField(null=True)
    failure = models.CharField(max_length=300, blank=True, help_text="In the desk’s words.")
    order = models.OneToOneField(
        Order,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The sale that paid it, or that is open for it at a desk.",
    )
    line = models.OneToOneField(
        LineItem, on_delete=models.SET_NULL, null=True, related_name="membership_period"
    )
    paid_lot = models.OneToOneField(
        Lot,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="What was paid for.",
    )
    bonus_lot = models.OneToOneField(
        Lot, on_delete=models.PROTECT, null=True, related_name="+", help_text="What came on top."
    )
    paid_at = models.DateTimeField(null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["membership_id", "number", "step"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["next_try_on", "id"],
                condition=Q(status="past_due"),
                name="memberships_to_try_again",
            ),
            models.Index(
                fields=["id"],
                condition=Q(status__in=("charging", "past_due", "unpaid", "asked")),
                name="memberships_unsettled",
            ),
            models.Index(fields=["starts_on"], name="memberships_period_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "number", "step"], name="memberships_one_of_each_period"
            ),
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(status="charging", step=0),
                name="memberships_one_charge_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("starts_on")), name="memberships_period_has_days"
            ),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(order__isnull=False, paid_at__isnull=False),
                name="memberships_paid_by_a_sale",
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="memberships_period_has_a_price"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, from {self.starts_on:%b %-d, %Y}"

    @property
    def is_owed(self) -> bool:
        return self.status in self.OWED
