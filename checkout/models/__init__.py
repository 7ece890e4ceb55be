"""A sale's rows: the order, its line items, its tenders, who paid what, and what went back."""

from checkout.models.allocations import Allocation
from checkout.models.charges import OrderCharge
from checkout.models.discounts import Discount, PresetDiscount
from checkout.models.orders import LineItem, LineTax, Order, load_lots
from checkout.models.refunds import Refund, RefundPart
from checkout.models.tenders import CustomPayment, Tender
from checkout.models.tills import CashMovement, TillSession
from checkout.models.tips import TipPayout

__all__ = [
    "Allocation",
    "CashMovement",
    "CustomPayment",
    "Discount",
    "LineItem",
    "LineTax",
    "Order",
    "OrderCharge",
    "PresetDiscount",
    "Refund",
    "RefundPart",
    "Tender",
    "TillSession",
    "TipPayout",
    "load_lots",
]
