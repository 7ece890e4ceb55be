"""The ledger's rows. Only the database function `ledger_post` writes them; here they are read.

Amounts are bigint minor units, debit positive: a client's stored value, which the salon owes, is
therefore zero or negative on its account; a lot's `amount` and `remaining` are plain value.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from appointments.models import Appointment
from clients.models import Client
from ledger.kinds import AccountKind, EntryKind, Flow, Restriction, Source
from salon.models import Location, MerchantAccount, StaffMember, Till


class ReadOnly(models.Model):
    """The web's database role may not write these; the admin shows them for reading."""

    class Meta:
        abstract = True
        default_permissions = ("view",)


class Account(ReadOnly):
    """One account, named `kind/subject`: `client_credit/client:42`, `cash/till:1`, `open_orders/`.

    Clients' and gift cards' accounts are guarded: they keep a balance and a version that the
    function moves under a lock. House accounts keep none, so that no row is everybody's queue.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    currency = models.CharField(max_length=3)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, related_name="ledger_accounts"
    )
    balance = models.BigIntegerField(null=True)
    version = models.BigIntegerField(null=True)

    class Meta(ReadOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["name", "currency"], name="ledger_account_by_name"),
            # Its bounds, a lot's and a posting's are kept by triggers: sql/guards.sql.
        ]

    def __str__(self) -> str:
        return self.name


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


class Lot(ReadOnly):
    """One portion of stored value. Its terms never change; only `remaining` moves, by postings."""

    # What these three name is found by ledger_post and never deleted (sql/guards.sql).
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="lots",
        db_index=False,
        db_constraint=False,
    )
    opened_by = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="opened_lots", db_constraint=False
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="children",
        db_index=False,
        db_constraint=False,
    )
    source = models.CharField(max_length=12, choices=Source.choices)
    is_paid = models.BooleanField(help_text="Somebody paid for it; a bonus or a gift is not paid.")
    holder = models.ForeignKey(
        MerchantAccount,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        help_text="Whose merchant account has the cash; empty: the house.",
    )
    since = models.DateField(help_text="When the first lot of this origin was opened.")
    expires_on = models.DateField(null=True, help_text="The last day that it can be spent.")
    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        null=True,
        related_name="held_lots",
        db_index=False,
        help_text="Set aside for this visit.",
    )
    restriction = models.CharField(max_length=8, choices=Restriction.choices)
    card_ceiling = models.BigIntegerField(
        default=0, help_text="At most this much may go back to the card that paid it."
    )
    sold_at = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="Where the first lot of this origin was opened.",
    )
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    is_open = models.BooleanField()

    class Meta(ReadOnly.Meta):
        indexes = [
            # On a boolean, not on remaining > 0: spending part of a lot stays in its page.
            models.Index(
                fields=["account"], condition=models.Q(is_open=True), name="ledger_lot_open"
            ),
            models.Index(
                fields=["parent"],
                condition=models.Q(parent__isnull=False),
                name="ledger_lot_parent",
            ),
            models.Index(
                fields=["appointment"],
                condition=models.Q(appointment__isnull=False, is_open=True),
                name="ledger_lot_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.since}"


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


class Seal(ReadOnly):
    """A location's day is closed for good: it takes no more entries. Only `ledger_seal_day` writes.

    Each names the one before it of the same location, whose digest is part of its own: nothing of
    a sealed day can be changed without all later digests changing, which stand on printed sheets.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    business_date = models.DateField()
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="next"
    )
    entries = models.IntegerField()
    postings = models.IntegerField()
    debit = models.BigIntegerField(help_text="The sum of the day's debits, in minor units.")
    digest = models.BinaryField(help_text="SHA-256 over the day and the digest before it.")
    checksum = models.BigIntegerField(
        help_text="Quick to compare: the hashes of the day's rows, one over the other."
    )
    sealed_at = models.DateTimeField()
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=240, blank=True)

    class Meta(ReadOnly.Meta):
        ordering = ["-business_date", "location"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "business_date"], name="ledger_one_seal_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.location} {self.business_date}"


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


class AccountCode(models.Model):
    """The owner's own code and name for one of our accounts, or for all of a kind."""

    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    name = models.CharField(
        "Account",
        max_length=80,
        blank=True,
        help_text="One account, as the trial balance names it. Empty: every account of the kind.",
    )
    code = models.CharField("Your code", max_length=20, help_text="As in your own books: 4010.")
    title = models.CharField("Your name", max_length=80, blank=True)

    class Meta:
        verbose_name = "account code"
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="ledger_one_code_an_account",
                violation_error_message="This account has a code already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()
