"""The book: visits, and the services in them."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func

from clients.models import Client
from salon.models import Location, Service, StaffMember


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Appointment(models.Model):
    """One visit of one client. Its services are `AppointmentService` rows."""

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        CHECKED_IN = "checked_in", "Checked in"
        DONE = "done", "Checked out"
        CANCELED = "canceled", "Canceled"
        NO_SHOW = "no_show", "No-show"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="appointments")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.BOOKED)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["location", "starts_at"], name="appointments_by_day")]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.client} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Still to be checked out."""
        return self.status in (self.Status.BOOKED, self.Status.CHECKED_IN)


class AppointmentService(models.Model):
    """One service in a visit, with who gives it and when. Nobody is in two places at once."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="services")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="segments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    occupies = models.BooleanField(
        default=True, help_text="False once the visit is canceled: the time is free again."
    )

    class Meta:
        ordering = ["starts_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=F("starts_at")), name="appointments_ends_after_start"
            ),
            ExclusionConstraint(
                name="appointments_staff_in_one_place",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(occupies=True),
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="That staff member already has a visit at this time.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} with {self.staff}"
