"""Where money is taken and who holds it."""

import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models

from salon.models.archiving import Archivable


def validate_timezone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Write it like America/New_York.")


def followed(
    label: str, help_text: str = "Unknown follows the business."
) -> "models.BooleanField[bool | None, bool | None]":
    """A switch that a location may set for itself; None follows the business."""
    return models.BooleanField(label, null=True, blank=True, help_text=help_text)


class MerchantAccount(Archivable):
    """Who holds card money: the house, or a provider with an account of their own."""

    name = models.CharField(max_length=120)
    is_house = models.BooleanField(default=False)
    processor_account = models.CharField(
        "Account at the card processor",
        max_length=80,
        blank=True,
        help_text=(
            "The provider's connected account (acct_…). Their share of card payments is then "
            "transferred when a sale closes. Empty: it is listed as payable and paid by hand."
        ),
    )

    class Meta:
        ordering = ["-is_house", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_house"],
                condition=models.Q(is_house=True),
                name="salon_one_house_account",
                violation_error_message="There is already a house account.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Location(Archivable):
    """One shop. Its time zone and start of day decide the business date of every sale."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    time_zone = models.CharField(
        max_length=64, default="America/New_York", validators=[validate_timezone]
    )
    day_starts_at = models.TimeField(
        default=dt.time(4, 0),
        help_text="A sale before this hour still counts for the day before.",
    )
    address = models.CharField(max_length=240, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    client_account_balances = followed(
        "Client Account Balances",
        help_text="Unknown follows the business. No hides account credit at this location "
        "and refuses new acts; every balance is kept.",
    )
    negative_balances = followed("Allow negative balances")
    tips_from_balance = followed("Tips may be paid from the balance")
    deposits_by_card_only = followed("Deposits by card only")
    apply_earmarked_deposits = followed("Apply earmarked deposits by itself")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class Till(Archivable):
    """A cash drawer at a location. Cash is counted by till."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="tills")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["location", "id"]
        constraints = [
            models.UniqueConstraint(fields=["location", "name"], name="salon_till_name_by_location")
        ]

    def __str__(self) -> str:
        return self.name
