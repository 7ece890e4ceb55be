"""What the owner switches, and the record of every switch."""

from django.db import models
from djmoney.models.fields import MoneyField
from djmoney.models.validators import MinMoneyValidator


class TipsPaid(models.TextChoices):
    """How somebody gets the tips that the salon has for them."""

    CASH = "cash", "In cash"
    PAYROLL = "payroll", "With payroll"
    BANK = "bank", "By bank transfer"


class BusinessSettings(models.Model):
    """One row (id 1): the policy of the whole business. Change it by `changing_settings`."""

    name = models.CharField("Business name", max_length=120, default="The salon")
    client_account_balances = models.BooleanField(
        "Client Account Balances",
        default=True,
        help_text=(
            "Clients can hold account credit and pay with it. Off hides it and refuses new acts; "
            "every balance is kept."
        ),
    )
    negative_balances = models.BooleanField(
        "Allow negative balances",
        default=False,
        help_text="Clients may owe: Credits may pay more than there is, up to the limit.",
    )
    negative_balance_limit = MoneyField(
        "The most that a client may owe",
        max_digits=12,
        decimal_places=2,
        default=100,
        validators=[MinMoneyValidator(0)],
        help_text="A client can be given a limit of their own.",
    )
    tips_from_balance = models.BooleanField(
        "Tips may be paid from the balance",
        default=False,
        help_text="Off: account credit and gift cards pay everything on a sale but the tips.",
    )
    tip_percents = models.CharField(
        "Tip shortcuts in percent",
        max_length=40,
        default="18, 20, 25",
        help_text="Of the services on the sale, parted by commas.",
    )
    tips_paid = models.CharField(
        "Tips are paid out",
        max_length=8,
        choices=TipsPaid,
        default=TipsPaid.CASH,
        help_text="What is chosen at first under Manage > Tips; whoever pays can choose another.",
    )
    lost_disputes_to_providers = models.BooleanField(
        "Lost disputes are taken back from the provider",
        default=False,
        help_text=(
            "Off: the business bears card payments that a client’s bank takes back for good. On: "
            "providers with an account of their own owe back what those had paid of their lines."
        ),
    )
    earmark_deposits = models.BooleanField(
        "Earmark deposits",
        default=True,
        help_text="A deposit is set aside for its visit. Off: it is free account credit at once.",
    )
    apply_earmarked_deposits = models.BooleanField(
        "Apply earmarked deposits by itself",
        default=True,
        help_text="The visit's sale proposes what is held for it. Off: somebody presses Credits.",
    )
    deposits_by_card_only = models.BooleanField(
        "Deposits by card only",
        default=True,
        help_text="Off: deposits at the desk are taken in cash and by check too.",
    )
    cash_needs_open_till = models.BooleanField(
        "Cash needs an open till",
        default=False,
        help_text="Off: cash is taken and given back whether or not the till was opened.",
    )
    unconnected_terminal = models.BooleanField(
        "Card terminal that is not connected",
        default=True,
        help_text=(
            "Offered beside the connected processor: charged on a terminal of its own and recorded "
            "here. Without a processor it is always offered."
        ),
    )
    card_terms = models.TextField(
        "What clients agree to when a card is kept",
        max_length=1000,
        default=(
            "The salon may keep this card and charge it for visits, fees and memberships that I "
            "agree to. I can have it removed at any time."
        ),
        help_text="Shown beside the box that they tick, and kept with the date and time.",
    )
    pin_minutes = models.PositiveSmallIntegerField(
        "Minutes until a shared tablet asks for a PIN",
        default=0,
        help_text="0: never by itself.",
    )
    refunded_credit_days = models.PositiveSmallIntegerField(
        "Days to spend refunded credit that had expired",
        default=30,
        help_text="Credit that comes back after its expiry date can be spent for this many days.",
    )
    receipt_note = models.CharField(
        "Line at the foot of receipts",
        max_length=240,
        blank=True,
        default="Thank you. See you soon.",
    )

    class Meta:
        verbose_name = "advanced settings"
        verbose_name_plural = "advanced settings"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="salon_one_settings_row")
        ]

    def __str__(self) -> str:
        return "Advanced Settings"

    @classmethod
    def current(cls) -> "BusinessSettings":
        """The settings in force. One query; the row is made by the first migration."""
        return cls.objects.get(pk=1)


class SettingChange(models.Model):
    """One changed setting: append-only, also for the web's database role."""

    at = models.DateTimeField(auto_now_add=True)
    staff = models.ForeignKey("salon.StaffMember", on_delete=models.PROTECT, null=True)
    till = models.ForeignKey("salon.Till", on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=120, help_text="What was changed, e.g. Location: Midtown")
    setting = models.CharField(max_length=120)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.subject}: {self.setting}"
