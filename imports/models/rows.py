"""A row of an import's file: as it came, as it was understood, and what became of it.

Money is bigint minor units here; the property speaks Money.
"""

from typing import ClassVar, Self

from django.db import models
from djmoney.money import Money

from clients.models import Client
from imports.kinds import Decision
from imports.models.imports import Import
from salon.money import money


class RowQuerySet(models.QuerySet):
    def going_in(self) -> Self:
        """Rows that are taken in, or were."""
        return self.filter(decision__in=[Decision.NEW, Decision.MATCH])

    def with_errors(self) -> Self:
        return self.filter(decision=Decision.ERROR)

    def warned(self) -> Self:
        """Rows that go in, with something to look at."""
        return self.going_in().exclude(warnings=[])

    def of_decision(self, decision: str) -> Self:
        return self.filter(decision=decision)


class Row(models.Model):
    """One row of the file: as it came, as it was understood, and what became of it."""

    of = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="rows", db_index=False)
    number = models.IntegerField(help_text="As a spreadsheet counts: the header is row 1.")
    raw = models.JSONField(help_text="The cells' texts, in order of the columns.")
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=128, blank=True, help_text="As +12125550142.")
    note = models.TextField(blank=True)
    reference = models.CharField(max_length=120, blank=True, help_text="Their number elsewhere.")
    amount = models.BigIntegerField(default=0, help_text="In minor units; below zero: owed.")
    expires_on = models.DateField(null=True)
    problems = models.JSONField(default=list, help_text="Sentences: why it cannot go in.")
    warnings = models.JSONField(default=list, help_text="Sentences: what to look at.")
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    match = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Whom the salon has already.",
    )
    same_as = models.IntegerField(
        null=True, help_text="The number of an earlier row of the same person."
    )
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        related_name="imported_rows",
        db_index=False,
    )
    entry_id = models.BigIntegerField(null=True, help_text="The entry of the balance.")
    had = models.JSONField(
        default=list,
        help_text="Entries of earlier imports that the client had when it was checked.",
    )
    filled = models.JSONField(
        default=dict, help_text="What it filled in on a known client: {field: value}."
    )

    objects: ClassVar = RowQuerySet.as_manager()

    class Meta:
        ordering = ["of", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="imports_row_by_number"),
        ]
        indexes = [
            # Beside these no column is indexed: every row is written four times.
            models.Index(fields=["of", "decision", "number"], name="imports_row_decision"),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def balance(self) -> Money:
        """What the row says; below zero where the client owes."""
        return money(self.amount)
