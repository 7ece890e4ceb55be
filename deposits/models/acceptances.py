"""What a client agreed to, and the evidence for it."""

from django.db import models
from djmoney.models.fields import MoneyField

from appointments.models import Appointment
from deposits.models.requests import DepositRequest


class PolicyAcceptance(models.Model):
    """The cancellation policy as it was shown and accepted. Never changed afterwards."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="policy_acceptances"
    )
    request = models.ForeignKey(
        DepositRequest, on_delete=models.PROTECT, null=True, related_name="acceptances"
    )
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, help_text="Of the device.")
    device = models.CharField(max_length=300, blank=True, help_text="The browser's own words.")
    terms = models.TextField(help_text="Word by word as shown, figures included.")
    terms_url = models.URLField(blank=True)
    deadline_at = models.DateTimeField(help_text="Free of charge until then.")
    late_fee = MoneyField(max_digits=12, decimal_places=2)
    no_show_fee = MoneyField(max_digits=12, decimal_places=2)
    card_terms = models.TextField(
        blank=True, help_text="What was agreed to about keeping a card for fees; empty: nothing."
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.appointment} accepted {self.at:%Y-%m-%d %H:%M}"
