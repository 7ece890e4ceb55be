"""Accounts, and the owner's own codes for them."""

from django.db import models

from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models.reading import ReadOnly


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
