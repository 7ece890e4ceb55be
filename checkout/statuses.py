"""What a sale is called in lists: its status, and how much of it has gone back."""

from django.db import models
from djmoney.money import Money

from checkout.models import Order


class SaleStatus(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    VOIDED = "voided", "Voided"
    REFUNDED = "refunded", "Closed (Refunded)"
    PARTLY_REFUNDED = "partly_refunded", "Closed (Partly refunded)"


def status_of(order: Order, total: Money, refunded: Money) -> SaleStatus:
    """`refunded`: what went back after closing. No queries."""
    if order.status != Order.Status.CLOSED or not refunded:
        return SaleStatus(order.status)
    return SaleStatus.REFUNDED if refunded >= total else SaleStatus.PARTLY_REFUNDED
