"""Entries and their postings."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from ledger.kinds import EntryKind
from ledger.models.accounts import Account
from ledger.models.lots import Lot
from ledger.models.reading import ReadOnly
from salon.models import Location, StaffMember, Till


class Entry(ReadOnly):
    """A journal entry: one business event, balanced; never changed, only reversed by another."""

    key = models.CharField(max_length=120)
    content_hash = models.BinaryField()
    kind = models.CharField(max_length=24, choices=EntryKind.choices)
    recorded_at = models.DateTimeField(help_text="The database's clock.")
    occurred_at = models.DateTimeField(help_text="When it happened, by the salon's clock.")
    business_date = models.DateField()
    # Constraints here would make all tills take turns on one row; sql/guards.sql keeps the rows.
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    till = models.ForeignKey(
        Till,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="Where somebody stood; empty where nobody stood at a till.",
    )
    reason = models.CharField(max_length=24, blank=True)
    note = models.TextField(blank=True)
    cause_kind = models.CharField(max_length=24, blank=True)
    cause_id = models.CharField(max_length=64, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(ReadOnly.Meta):
        verbose_name = "journal entry"
        verbose_name_plural = "journal entries"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["cause_id"], name="ledger_entry_cause"),
            # Entries come nearly in the order of their days: a few pages find a day among millions.
            BrinIndex(fields=["business_date"], autosummarize=True, name="ledger_entry_day"),
        ]
        # Not unique=True: that would add a second index, for LIKE.
        constraints = [models.UniqueConstraint(fields=["key"], name="ledger_entry_key")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.business_date}"


class Posting(ReadOnly):
    """One signed leg of an entry, debit positive. On stored value it always names its lot."""

    pk = models.CompositePrimaryKey("entry_id", "line")
    # What these three name is found by ledger_post and never deleted (sql/guards.sql).
    entry = models.ForeignKey(
        Entry,
        on_delete=models.PROTECT,
        related_name="postings",
        db_index=False,
        db_constraint=False,
    )
    line = models.SmallIntegerField()
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="postings",
        db_index=False,
        db_constraint=False,
    )
    amount = models.BigIntegerField()
    business_date = models.DateField()
    lot = models.ForeignKey(
        Lot,
        on_delete=models.PROTECT,
        null=True,
        related_name="postings",
        db_index=False,
        db_constraint=False,
    )
    balance_after = models.BigIntegerField(null=True)
    version = models.BigIntegerField(null=True)

    class Meta(ReadOnly.Meta):
        constraints = [
            # One index for gap detection, statements by page and balances as of any moment;
            # partial, since house accounts have no versions.
            models.UniqueConstraint(
                fields=["account", "version"],
                condition=models.Q(version__isnull=False),
                name="ledger_posting_version",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "business_date"],
                include=["amount"],
                condition=models.Q(version__isnull=True),
                name="ledger_posting_house",
            ),
            models.Index(
                fields=["lot"], condition=models.Q(lot__isnull=False), name="ledger_posting_lot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
