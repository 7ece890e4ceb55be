"""Lots of stored value."""

from django.db import models

from appointments.models import Appointment
from ledger.kinds import Restriction, Source
from ledger.models.accounts import Account
from ledger.models.reading import ReadOnly
from salon.models import Location, MerchantAccount


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
        "ledger.Entry", on_delete=models.PROTECT, related_name="opened_lots", db_constraint=False
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
