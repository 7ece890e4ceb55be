"""The ledger's rows. Only the database function `ledger_post` writes them; here they are read.

Amounts are bigint minor units, debit positive: a client's stored value, which the salon owes, is
therefore zero or negative on its account; a lot's `amount` and `remaining` are plain value.
"""

from django.db import models

from appointments.models import Appointment
from clients.models import Client
from ledger.kinds import AccountKind, EntryKind, Restriction, Source
from salon.models import Location, MerchantAccount, StaffMember


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
        indexes = [models.Index(fields=["cause_id"], name="ledger_entry_cause")]
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
