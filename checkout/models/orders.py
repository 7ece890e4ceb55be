"""The order and what is on it."""

import uuid
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.db import models
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from appointments.models import Appointment
from clients.models import Client
from ledger.descent import families_of
from ledger.models import Entry, Lot
from salon.models import Location, MerchantAccount, Product, Service, StaffMember, TaxRate
from salon.money import money

if TYPE_CHECKING:
    from checkout.models.tenders import Tender


class OrderQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(status=Order.Status.OPEN)

    def holding_money(self) -> Self:
        """Open orders on which a payment stands."""
        return (
            self.open().filter(tenders__returned_at__isnull=True, tenders__isnull=False).distinct()
        )


class Order(models.Model):
    """A sale being made or made. A client is fixed while a Credits tender stands."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        VOIDED = "voided", "Voided"

    FIRST_NUMBER = 1000

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="orders")
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    revision = models.PositiveIntegerField(
        default=0, help_text="Moves with every change, so that a stale page is told."
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: nobody at a desk; a client online.",
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    business_date = models.DateField(help_text="The day it was opened; once closed, of the sale.")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )
    void_reason = models.CharField(max_length=240, blank=True)
    deposit_held_back = models.BooleanField(
        default=False, help_text="Somebody took the proposed deposit off this sale."
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["location", "-business_date"], name="checkout_order_by_day"),
            models.Index(
                fields=["location"], condition=models.Q(status="open"), name="checkout_order_open"
            ),
        ]
        constraints = [
            # One open order for a visit, whichever till asks first.
            models.UniqueConstraint(
                fields=["appointment"],
                condition=models.Q(status="open"),
                name="checkout_one_open_order_for_a_visit",
            )
        ]

    def __str__(self) -> str:
        return f"Sale #{self.number}"

    @property
    def number(self) -> int:
        """What people call it: sale #1042."""
        return self.FIRST_NUMBER + self.pk

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class LineItemQuerySet(models.QuerySet):
    def with_taxes(self) -> Self:
        """Each with its taxes and their rates. One query more."""
        return self.prefetch_related(
            models.Prefetch("taxes", LineTax.objects.select_related("rate"))
        )


class LineItem(models.Model):
    """One line of an order. Its kind (checkout/line_kinds.py) says what account it credits."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=24)
    description = models.CharField(max_length=160)
    quantity = models.PositiveSmallIntegerField(default=1)
    unit_price = MoneyField(max_digits=12, decimal_places=2)
    discount = MoneyField(
        max_digits=12,
        decimal_places=2,
        default=0,
        help_text="What discounts take off quantity × price, the order's own share included.",
    )
    amount = MoneyField(max_digits=12, decimal_places=2, help_text="After discounts, without tax.")
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, null=True, blank=True)
    tax_percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    tax = MoneyField(max_digits=12, decimal_places=2, default=0)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True)
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    beneficiary = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose balance an Account Credits line adds to.",
    )
    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The visit that a deposit is for.",
    )
    refuses = models.CharField(
        max_length=240,
        blank=True,
        help_text="Tender kinds that may not pay it, as the settings stood when it was added.",
    )
    provider = models.ForeignKey(
        MerchantAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is paid for it, where that is not the house; written when the sale closes.",
    )
    opened_lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")

    within: Collection[Lot] | None = None
    """Set for one refund: of the credit that it sold, only what stands in these lots goes back."""

    objects = LineItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, tax__gte=0, discount__gte=0, quantity__gte=1),
                name="checkout_line_not_negative",
            )
        ]

    def __str__(self) -> str:
        return self.description

    @cached_property
    def lots(self) -> list[Lot]:
        """The lot that it opened and all that this became since, the oldest first.

        One query, none where it opened none; `load_lots` loads those of many lines at once.
        """
        return families_of([self.opened_lot_id])[self.opened_lot_id] if self.opened_lot_id else []

    @property
    def refused(self) -> frozenset[str]:
        """Tender kinds that may not pay this very line, beside those that its kind refuses."""
        return frozenset(self.refuses.split(",")) if self.refuses else frozenset()

    @property
    def price(self) -> Money:
        """Quantity × unit price: before discounts, with the taxes that prices include."""
        return self.unit_price * self.quantity

    @property
    def included_tax(self) -> Money:
        """The part of the tax that its price contains."""
        return self.price - self.discount - self.amount

    @property
    def added_tax(self) -> Money:
        """The part of the tax that comes on top."""
        return self.tax - self.included_tax

    @property
    def total(self) -> Money:
        """What the line costs the client: with tax."""
        return self.amount + self.tax


def load_lots(lines: Iterable[LineItem]) -> None:
    """Load `LineItem.lots` of those that sold credit. One query; none where all have them."""
    lacking = [line for line in lines if line.opened_lot_id and "lots" not in vars(line)]
    families = families_of({line.opened_lot_id for line in lacking if line.opened_lot_id})
    for line in lacking:
        if line.opened_lot_id:
            line.lots = families[line.opened_lot_id]


class LineTax(models.Model):
    """One rate on one line. A line's `tax` is the sum of these."""

    line = models.ForeignKey(LineItem, on_delete=models.CASCADE, related_name="taxes")
    rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    is_included = models.BooleanField(default=False)
    amount = MoneyField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["line", "rate"], name="checkout_line_tax_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="checkout_line_tax_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rate.name} {self.amount}"


class Totals:
    """An order's figures, from lines and tenders already loaded: no queries.

    `subtotal` is what prices come to; less `discount`, plus `added_tax`, it makes the total.
    """

    def __init__(self, lines: Iterable[LineItem], tenders: Iterable["Tender"]) -> None:
        zero = money(0)
        self.subtotal: Money = zero
        self.discount: Money = zero
        self.added_tax: Money = zero
        for line in lines:
            self.subtotal += line.price
            self.discount += line.discount
            self.added_tax += line.added_tax
        self.total: Money = self.subtotal - self.discount + self.added_tax
        self.paid: Money = sum((tender.standing for tender in tenders), zero)
        self.remaining: Money = self.total - self.paid

    @classmethod
    def of(cls, order: Order) -> "Totals":
        """The figures of an order. Two queries, none where lines and tenders are prefetched."""
        return cls(order.lines.all(), order.tenders.all())
