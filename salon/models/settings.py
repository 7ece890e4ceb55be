"""What the owner switches, and the record of every switch."""

from django.db import models


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
    subject = models.CharField(max_length=120, help_text="What was changed, e.g. Location: Midtown")
    setting = models.CharField(max_length=120)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.subject}: {self.setting}"
