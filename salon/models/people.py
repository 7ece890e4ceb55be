"""Who works here and what each may do."""

from decimal import Decimal

from django.contrib.auth.models import AbstractUser, Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from djmoney.models.fields import MoneyField

from salon import permissions
from salon.models.places import Location, MerchantAccount


class DeskPermission(models.Model):
    """Holds the desk's permissions, named as people read them. It has no rows."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = permissions.CHOICES  # type: ignore[assignment]

    def __str__(self) -> str:
        return "desk permissions"


class Role(Group):
    """Front desk, Manager, Owner: a group of permissions, and a limit for adjustments."""

    adjustment_limit = MoneyField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        default=None,
        help_text="The most that one adjustment of a client's balance may add or take. Empty: any.",
    )

    discount_limit = models.DecimalField(
        "Discount limit in percent",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        default=None,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text="The most that discounts may take off a line. Empty: any.",
    )

    class Meta:
        ordering = ["name"]


class StaffMember(AbstractUser):
    """Someone who works here. Providers may have no login; front desk may have no services."""

    name = models.CharField("Name on the book", max_length=80)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    is_provider = models.BooleanField(
        default=False, help_text="Gives services and appears in the book."
    )
    books_online = models.BooleanField(
        "Can be booked online", default=True, help_text="For providers. No: by the desk alone."
    )
    pin = models.CharField(
        "PIN",
        max_length=128,
        blank=True,
        editable=False,
        help_text="Hashed. Switches to this person on a shared tablet.",
    )
    merchant_account = models.ForeignKey(
        MerchantAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="Only for a provider who is paid what clients redeem with them.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.username
