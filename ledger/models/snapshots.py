"""What business days moved, added up ahead."""

from django.db import models

from ledger.kinds import AccountKind, Flow, Source
from ledger.models.accounts import Account
from ledger.models.reading import ReadOnly
from salon.models import Location, MerchantAccount


class Snapshot(ReadOnly):
    """One row (id 1): DaySum holds every entry up to `through`, and no other."""

    through = models.BigIntegerField(help_text="The id of the last entry that is summed up.")
    horizon = models.BigIntegerField(
        default=0, help_text="No entry up to this one can still come: it may be summed up to here."
    )
    made_at = models.DateTimeField()

    class Meta(ReadOnly.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_one_snapshot")]

    def __str__(self) -> str:
        return f"up to entry {self.through}"


class DaySum(ReadOnly):
    """What a business day moved, for each set of what reports ask for. Debit positive.

    A cache of postings that PostgreSQL adds up (sql/snapshots.sql): it can be thrown away and
    rebuilt, and `verify_ledger` compares it. `account`: of house accounts alone; clients' and gift
    cards' are summed by kind.
    """

    currency = models.CharField(max_length=3)
    business_date = models.DateField()
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    flow = models.CharField(max_length=20, choices=Flow.choices, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices, blank=True)
    is_paid = models.BooleanField(null=True)
    is_held = models.BooleanField(null=True)
    holder = models.ForeignKey(
        MerchantAccount,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    sold_at = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    amount = models.BigIntegerField()
    postings = models.BigIntegerField()

    class Meta(ReadOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "business_date",
                    "kind",
                    "currency",
                    "account",
                    "flow",
                    "source",
                    "is_paid",
                    "is_held",
                    "holder",
                    "sold_at",
                    "location",
                ],
                nulls_distinct=False,
                name="ledger_daysum_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.business_date} {self.kind} {self.flow}"
