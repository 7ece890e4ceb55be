"""A sale's rows: the order, its line items, its tenders, who paid what, and what went back."""

from checkout.models.allocations import Allocation
from checkout.models.orders import LineItem, Order
from checkout.models.refunds import Refund, RefundPart
from checkout.models.tenders import CustomPayment, Tender

__all__ = [
    "Allocation",
    "CustomPayment",
    "LineItem",
    "Order",
    "Refund",
    "RefundPart",
    "Tender",
]
