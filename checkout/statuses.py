"""What a sale is called in lists: its status, and how much of it has gone back."""

from django.db import models
from django.db.models import Exists, OuterRef
from djmoney.money import Money

from cards.models import CardRefund
from checkout.models import Order


class SaleStatus(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    VOIDING = "voiding", "Voiding"
    """Voided, and a card has not got its money back yet."""
    VOIDED = "voided", "Voided"
    REFUNDED = "refunded", "Closed (Refunded)"
    PARTLY_REFUNDED = "partly_refunded", "Closed (Partly refunded)"


def status_of(
    order: Order, total: Money, refunded: Money, *, is_going_back: bool = False
) -> SaleStatus:
    """`refunded`: what went back after closing; `is_going_back`: some is on its way to a card yet.

    No queries.
    """
    if order.status == Order.Status.VOIDED and is_going_back:
        return SaleStatus.VOIDING
    if order.status != Order.Status.CLOSED or not refunded:
        return SaleStatus(order.status)
    return SaleStatus.REFUNDED if refunded >= total else SaleStatus.PARTLY_REFUNDED


def is_going_back() -> Exists:
    """For a query of orders: whether money of theirs is on its way to a card."""
    under_way = CardRefund.objects.under_way()
    return Exists(under_way.filter(attempt__order_charge__order=OuterRef("pk")))
