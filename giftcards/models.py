"""Gift cards, what stopped them, and the e-mails that carried them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from djmoney.money import Money

from checkout.models import LineItem
from giftcards import codes
from ledger.models import Account, Lot
from salon.models import StaffMember, Till
from salon.money import money


class GiftCardQuerySet(models.QuerySet):
    def issued(self) -> Self:
        """Cards whose sale is closed, or that were brought over: those that can pay."""
        return self.filter(account__isnull=False)

    def standing(self, today: dt.date) -> Self:
        """With what each can still pay (`spendable`, minor units) and whether it `is_blocked`."""
        left = (
            Lot.objects.filter(account=OuterRef("account"), is_open=True)
            .filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today))
            .order_by()
            .values("account")
            .annotate(left=Sum("remaining"))
            .values("left")
        )
        stopped = Block.objects.filter(card=OuterRef("pk"), lifted_at__isnull=True)
        return self.select_related("account", "line__order").annotate(
            spendable=Coalesce(Subquery(left, models.BigIntegerField()), 0),
            is_blocked=Exists(stopped),
        )


class GiftCard(models.Model):
    """A bearer account with a code: whoever has the code can pay with it.

    Made with its line while the sale is open; issued when the sale closes, and then it has an
    account in the ledger. Its terms are its lots'; what is on it is never kept here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=codes.LONGEST, unique=True)
    line = models.OneToOneField(
        # A line leaves only an open sale, and then its card was never issued.
        LineItem,
        on_delete=models.CASCADE,
        null=True,
        related_name="gift_card",
        help_text="The line that sold it; empty for cards that were brought over.",
    )
    is_physical = models.BooleanField(
        default=False, help_text="The code is the number that stands on a card of plastic."
    )
    from_name = models.CharField(max_length=120, blank=True)
    to_name = models.CharField(max_length=120, blank=True)
    to_email = models.EmailField(blank=True, help_text="Where it is sent; empty: handed over.")
    message = models.TextField(max_length=500, blank=True)
    send_on = models.DateField(null=True, help_text="The day of its e-mail; empty: at once.")
    issued_at = models.DateTimeField(null=True)
    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, null=True, related_name="gift_card"
    )

    objects = GiftCardQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=True, issued_at__isnull=True)
                | Q(account__isnull=False, issued_at__isnull=False),
                name="giftcards_issued_with_an_account",
            )
        ]

    def __str__(self) -> str:
        return f"Gift card {self.masked}"

    @property
    def masked(self) -> str:
        """•••• 7K2M"""
        return codes.masked(self.code)

    @property
    def shown_code(self) -> str:
        """As it is printed: a made code in groups, the number of a plastic card as it stands."""
        return self.code if self.is_physical else codes.in_groups(self.code)

    @property
    def account_name(self) -> str:
        """Its account in the ledger, which its first posting makes."""
        return f"gift_card/card:{self.pk}"

    @property
    def left(self) -> Money:
        """What is on it. Needs the account."""
        return money(-(self.account.balance or 0)) if self.account else money(0)


class Block(models.Model):
    """A card that may not pay: since when, by whom, why; and how it was lifted again."""

    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="blocks")
    at = models.DateTimeField()
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=240)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_till = models.ForeignKey(Till, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_reason = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(lifted_at__isnull=True),
                name="giftcards_one_standing_block",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Mailing(models.Model):
    """One e-mail with a card in it: asked for, due, sent or dropped."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="mailings")
    to = models.EmailField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: the sale itself asked for it.",
    )
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped = models.CharField(max_length=120, blank=True, help_text="Why it was not sent.")

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"to {self.to}"
