"""What the owner switches about online booking, deposits and cancellations."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from djmoney.models.fields import MoneyField
from djmoney.models.validators import MinMoneyValidator

from deposits.models.fates import Fate

DEFAULT_TERMS = (
    "You can move or cancel your visit free of charge until the time named here. After that, and "
    "if you do not come, the fee named here is kept from your deposit or charged to the card that "
    "you keep with us."
)


class FeeKind(models.TextChoices):
    NONE = "none", "No fee"
    PERCENT = "percent", "Percent of the visit’s price"
    AMOUNT = "amount", "Fixed amount"


class CardFor(models.TextChoices):
    """Whether who books online has to keep a card for fees."""

    NEVER = "never", "Never asked"
    OPTIONAL = "optional", "The client may"
    REQUIRED = "required", "Required to book"


class DepositsGoTo(models.TextChoices):
    HOUSE = "house", "The house; paid out when it is redeemed"
    PROVIDER = "provider", "The provider at once"


def _percent(label: str, default: int) -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        default=Decimal(default),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )


def _money(label: str) -> MoneyField:
    return MoneyField(
        label, max_digits=12, decimal_places=2, default=0, validators=[MinMoneyValidator(0)]
    )


class BookingSettings(models.Model):
    """One row (id 1): online booking, and the policy on deposits and cancellations."""

    online_booking = models.BooleanField(
        "Online booking",
        default=False,
        help_text="Clients book at /book/ what they may, in working hours.",
    )
    start_every = models.PositiveSmallIntegerField(
        "Offer a start every so many minutes", default=15, validators=[MinValueValidator(5)]
    )
    earliest_minutes = models.PositiveIntegerField("At least so many minutes ahead", default=60)
    latest_days = models.PositiveSmallIntegerField("At most so many days ahead", default=60)
    hold_minutes = models.PositiveSmallIntegerField(
        "Minutes that a time is held while the deposit is paid",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    deposit_from_balance = models.BooleanField(
        "Deposits may be paid from the account balance",
        default=False,
        help_text="Off: by credit or debit card only. Gift cards never pay a deposit.",
    )
    members_pay_deposits = models.BooleanField("Members pay deposits", default=True)
    deposits_go_to = models.CharField(
        "A provider’s deposits go to",
        max_length=8,
        choices=DepositsGoTo.choices,
        default=DepositsGoTo.HOUSE,
    )
    card_for_fees = models.CharField(
        "Card on file for fees", max_length=8, choices=CardFor.choices, default=CardFor.NEVER
    )
    deadline_hours = models.PositiveSmallIntegerField(
        "Free of charge until so many hours before", default=24
    )
    late_fee_kind = models.CharField(
        "Late cancellation fee", max_length=8, choices=FeeKind.choices, default=FeeKind.NONE
    )
    late_fee_percent = _percent("Late cancellation: percent", 50)
    late_fee_amount = _money("Late cancellation: amount")
    no_show_fee_kind = models.CharField(
        "No-show fee", max_length=8, choices=FeeKind.choices, default=FeeKind.NONE
    )
    no_show_fee_percent = _percent("No-show: percent", 100)
    no_show_fee_amount = _money("No-show: amount")
    on_time_fate = models.CharField(
        "A deposit, when canceled in time",
        max_length=8,
        choices=[
            (Fate.Kind.KEPT.value, "is kept as account balance"),
            (Fate.Kind.REFUNDED.value, "is refunded to the card"),
        ],
        default=Fate.Kind.KEPT,
        help_text="Preselected for the desk, and what a client gets who cancels online.",
    )
    late_fate = models.CharField(
        "A deposit, when canceled late or not used",
        max_length=9,
        choices=[
            (Fate.Kind.FORFEITED.value, "is forfeited"),
            (Fate.Kind.KEPT.value, "is kept as account balance, less the fee"),
        ],
        default=Fate.Kind.FORFEITED,
    )
    most_moves = models.PositiveSmallIntegerField(
        "How often a deposit may be carried to another time",
        null=True,
        blank=True,
        help_text="Empty: without limit. The desk may go on with the policy explained; a client "
        "online may not.",
    )
    carry_days = models.PositiveSmallIntegerField(
        "At most so many days after the first date",
        null=True,
        blank=True,
        help_text="Until when it may be carried. Empty: without limit.",
    )
    terms = models.TextField("Cancellation policy", max_length=4000, default=DEFAULT_TERMS)
    terms_url = models.URLField("Link to the whole policy", blank=True)

    class Meta:
        verbose_name = "booking and deposits"
        verbose_name_plural = "booking and deposits"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="deposits_one_settings_row")
        ]

    def __str__(self) -> str:
        return "Booking and deposits"

    @classmethod
    def current(cls) -> "BookingSettings":
        """The settings in force. One query; the row is made by the first migration."""
        return cls.objects.get(pk=1)


class BookingSite(models.Model):
    """A site of the owner's on which the booking page may open as an overlay."""

    origin = models.CharField(
        max_length=200, unique=True, help_text="Like https://www.example.com, without a path."
    )

    class Meta:
        ordering = ["origin"]
        verbose_name = "site with the booking page"
        verbose_name_plural = "sites with the booking page"

    def __str__(self) -> str:
        return self.origin
