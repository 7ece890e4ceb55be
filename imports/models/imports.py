"""An import: a file of clients, what it was taken for, and how far its job is.

Money is bigint minor units here; the properties and the verbs speak Money.
"""

import uuid
from typing import ClassVar, Self

from django.db import models
from djmoney.money import Money

from imports.kinds import AT_WORK, BalancesAre, Earlier, OnMatch, Status, Twice
from salon.models import Location, StaffMember
from salon.money import money


class ImportQuerySet(models.QuerySet):
    def latest_first(self) -> Self:
        return self.order_by("-pk")


class Import(models.Model):
    """One file. Never deleted; what stands in its rows is cleared some days after it went in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="In bytes.")
    read_as = models.CharField(max_length=80, help_text="CSV, UTF-8, with commas.")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    columns = models.JSONField(help_text="The texts of the header, in order.")
    looks_like = models.CharField(
        max_length=40, blank=True, help_text="Whose export it looks like."
    )
    mapping = models.JSONField(
        default=list, help_text="A field of known_columns for each column; empty: ignored."
    )
    on_match = models.CharField(max_length=8, choices=OnMatch.choices, default=OnMatch.FILL)
    twice = models.CharField(max_length=8, choices=Twice.choices, default=Twice.REFUSE)
    had_before = models.CharField(max_length=8, choices=Earlier.choices, default=Earlier.ASK)
    seen = models.JSONField(
        default=list, help_text="The other imports that were in when it was checked: [id, …]."
    )
    balances_are = models.CharField(
        max_length=8, choices=BalancesAre.choices, default=BalancesAre.PAID
    )
    expires_on = models.DateField(
        null=True, blank=True, help_text="For balances whose row names no day. Empty: never."
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.MAPPING)
    error = models.TextField(blank=True, help_text="Why the last attempt did not go in.")
    rows_total = models.IntegerField(default=0)
    rows_new = models.IntegerField(default=0)
    rows_match = models.IntegerField(default=0)
    rows_skip = models.IntegerField(default=0)
    rows_error = models.IntegerField(default=0)
    rows_warned = models.IntegerField(default=0)
    credit_minor = models.BigIntegerField(default=0, help_text="Balances above zero, to be taken.")
    owed_minor = models.BigIntegerField(default=0, help_text="Below zero, as a positive figure.")
    control_minor = models.BigIntegerField(null=True, help_text="The control total as typed.")
    confirmed_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True)
    stayed = models.JSONField(
        default=list, help_text="Clients who stayed when it was taken back: [[id, why], …]."
    )
    cleared_at = models.DateTimeField(null=True, help_text="When the rows' contents went.")

    objects: ClassVar = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        return self.status in AT_WORK

    @property
    def is_paid(self) -> bool:
        return self.balances_are == BalancesAre.PAID

    @property
    def credit(self) -> Money:
        """All balances above zero of the rows that go in."""
        return money(self.credit_minor)

    @property
    def owed(self) -> Money:
        """All balances below zero of the rows that go in, as a positive amount."""
        return money(self.owed_minor)

    @property
    def net(self) -> Money:
        """Credit less what is owed: the control total."""
        return money(self.credit_minor - self.owed_minor)

    @property
    def rows_in(self) -> int:
        """How many rows go in, or went in."""
        return self.rows_new + self.rows_match


class Progress(models.Model):
    """How far the job is. Written beside the job's one transaction, so that pages see it."""

    of = models.OneToOneField(
        Import, on_delete=models.PROTECT, primary_key=True, related_name="progress"
    )
    step = models.CharField(max_length=80, blank=True, help_text="Making clients")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    at = models.DateTimeField(null=True, help_text="By the database's clock.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.step}: {self.done} of {self.total}"

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
