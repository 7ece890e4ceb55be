"""What cards pay of an order, by the connected processor."""

from django.db import models
from djmoney.models.fields import MoneyField

from cards.models import Attempt
from checkout.models.orders import Order
from checkout.models.tenders import Tender


class OrderCharge(models.Model):
    """One attempt to take a part of an order from a card, and the payment that came of it.

    While the attempt is open its amount, less the tip, is spoken for: nobody else pays it.
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="order_charge")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="charges")
    tip = MoneyField(
        max_digits=12,
        decimal_places=2,
        default=0,
        help_text="What the client added on their phone; its lines come with the payment.",
    )
    by_client = models.BooleanField(
        default=False, help_text="The client began it on their own phone."
    )
    tender = models.OneToOneField(
        Tender, on_delete=models.PROTECT, null=True, related_name="charge"
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.attempt)
