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
        LATE = "late", "Canceled late"
        PENDING = "pending", "Waiting for the deposit"
        """Booked online and not paid yet: its time is held for some minutes, and it is not sure."""
        LAPSED = "lapsed", "Not paid in time"

    AHEAD = (Status.BOOKED, Status.CHECKED_IN, Status.PENDING)
    """Those that take up somebody's time."""
    GONE = (Status.CANCELED, Status.NO_SHOW, Status.LATE, Status.LAPSED)
    """Those that did not happen."""

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

    @property
    def is_pending(self) -> bool:
        """Its time is held while a client pays the deposit."""
        return self.status == self.Status.PENDING

    @property
    def is_gone(self) -> bool:
        """It did not happen, and will not."""
        return self.status in self.GONE


class AppointmentService(models.Model):
    """One service in a visit, with who gives it and when. Nobody is in two places at once."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="services")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="segments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_from = models.DateTimeField(help_text="With the minutes that are kept free before it.")
    busy_until = models.DateTimeField(help_text="With the minutes that are kept free after it.")
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
            models.CheckConstraint(
                condition=models.Q(busy_from__lte=F("starts_at"), busy_until__gte=F("ends_at")),
                name="appointments_busy_around",
            ),
            ExclusionConstraint(
                name="appointments_staff_in_one_place",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    (TsTzRange("busy_from", "busy_until"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(occupies=True),
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="That staff member already has a visit at this time.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} with {self.staff}"


class WorkingHours(models.Model):
    """When somebody works at a location on a day of the week; without staff, when it is open.

    Who has no hours of their own at a location works whenever it is open, if it is theirs.
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="working_hours")
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="working_hours",
        help_text="Empty: when the location is open.",
    )
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["location", "staff", "weekday", "starts"]
        verbose_name = "working hours"
        verbose_name_plural = "working hours"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=F("starts")), name="appointments_hours_end_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff or self.location} {self.get_weekday_display()}"


class TimeOff(models.Model):
    """A stretch of time in which somebody takes no visits: a holiday, lunch, a course."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="time_off")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name_plural = "time off"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=F("starts_at")),
                name="appointments_time_off_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["staff", "ends_at"], name="appointments_time_off_ahead")]

    def __str__(self) -> str:
        return f"{self.staff} {self.starts_at:%Y-%m-%d %H:%M}"


class VisitMove(models.Model):
    """One time that a visit was given another start. Append-only: its history, and what counts
    against how often a deposit may be carried along."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: the client, online.",
    )
    from_starts_at = models.DateTimeField()
    to_starts_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.from_starts_at:%Y-%m-%d %H:%M} to {self.to_starts_at:%Y-%m-%d %H:%M}"
