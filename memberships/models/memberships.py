"""Memberships, their pauses, their changes of card, and what happened to them."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from cards.models import CardOnFile
from clients.models import Client
from memberships.models.enrolments import Enrolment
from memberships.models.plans import Plan, Terms
from salon.models import Location, StaffMember, Till


class MembershipQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Those that have not ended."""
        return self.exclude(status=Membership.Status.ENDED)


class Membership(Terms):
    """A client's standing order. Its terms are those that were agreed to, not the plan's of today.

    Billing periods are numbered from 0; number `n` from `anchor_number` on begins so many steps
    after `anchor_on` (schedule.py). A change of the schedule moves the anchor.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAST_DUE = "past_due", "Past due"
        """A charge failed and is tried again."""
        UNPAID = "unpaid", "Unpaid"
        """The last try failed: nothing is charged until somebody pays it or lets it go."""
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="memberships")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="memberships")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="membership")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", help_text="Where it was sold."
    )
    card = models.ForeignKey(
        CardOnFile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Where it was removed since, the client’s default card is charged.",
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    started_on = models.DateField()
    trial_until = models.DateField(null=True, help_text="The day of the first charge.")
    minimum_until = models.DateField(
        null=True, help_text="It may not be canceled to an earlier day than this."
    )
    billing_day = models.PositiveSmallIntegerField(
        null=True, help_text="Day of the month, also where a shorter month moved one charge."
    )
    anchor_on = models.DateField()
    anchor_number = models.PositiveIntegerField(default=0)
    next_number = models.PositiveIntegerField(help_text="The next period to be charged.")
    next_charge_on = models.DateField(
        null=True, help_text="The day on which that period begins; empty while nothing is charged."
    )
    noticed_on = models.DateField(
        null=True, help_text="The day of the charge that the client was told of beforehand."
    )
    next_plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="From the next charge on.",
    )
    ends_on = models.DateField(null=True, help_text="Canceled: the day from which it is over.")
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=240, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["next_charge_on", "id"],
                condition=Q(status="active", next_charge_on__isnull=False),
                name="memberships_due",
            ),
            models.Index(
                fields=["ends_on"],
                condition=Q(ends_on__isnull=False, ended_on__isnull=True),
                name="memberships_ending",
            ),
            models.Index(fields=["client", "status"], name="memberships_of_client"),
            models.Index(fields=["status", "-id"], name="memberships_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False, next_charge_on__isnull=True)
                | (~Q(status="ended") & Q(ended_on__isnull=True)),
                name="memberships_ended_charges_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(status="paused") | Q(next_charge_on__isnull=True),
                name="memberships_paused_charges_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} of {self.client}"

    @property
    def is_standing(self) -> bool:
        return self.status != self.Status.ENDED

    @property
    def owes_a_period(self) -> bool:
        """A charge failed and is not paid yet."""
        return self.status in (self.Status.PAST_DUE, self.Status.UNPAID)


class Pause(models.Model):
    """A time in which nothing is charged and nothing added."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="pauses")
    from_on = models.DateField()
    until_on = models.DateField(null=True, help_text="Resumes by itself on this day.")
    resumed_on = models.DateField(null=True)
    was_next_on = models.DateField(help_text="When the next charge was due when it was paused.")
    reason = models.CharField(max_length=240, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(resumed_on__isnull=True),
                name="memberships_one_pause_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"from {self.from_on}"


class CardChange(models.Model):
    """A client was asked for another card; done once the processor keeps it."""

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="card_changes"
    )
    saving = models.UUIDField(unique=True, help_text="cards.CardSaving")
    asked_at = models.DateTimeField()
    device = models.CharField(max_length=300, blank=True, help_text="The browser’s own words.")
    done_at = models.DateTimeField(null=True)
    card = models.ForeignKey(CardOnFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"asked {self.asked_at:%Y-%m-%d %H:%M}"


class Event(models.Model):
    """Something that happened to a membership, as the desk reads it. Never changed afterwards."""

    class Kind(models.TextChoices):
        STARTED = "started", "Started"
        PAID = "paid", "Paid"
        FAILED = "failed", "Charge failed"
        UNPAID = "unpaid", "Unpaid"
        SKIPPED = "skipped", "Skipped"
        WAIVED = "waived", "Let go"
        PLAN = "plan", "Plan changed"
        CARD = "card", "Card changed"
        PAUSED = "paused", "Paused"
        RESUMED = "resumed", "Resumed"
        CANCELED = "canceled", "Canceled"
        KEPT = "kept", "Cancellation taken back"
        ENDED = "ended", "Ended"
        LAPSED = "lapsed", "Balance lost at the end"

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: the program, or the client online.",
    )
    till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text or self.get_kind_display()
