"""One sale, loaded whole: what its page, its receipt, its refund and its void show."""

import uuid as uuids
from functools import cached_property

from django.http import Http404
from djmoney.money import Money

from cards.models import CardRefund
from checkout.charges.in_dispute import InDispute, disputes_of
from checkout.charges.to_cards import card_refunds_of
from checkout.models import Discount, LineItem, Order, Refund, RefundPart, Tender
from checkout.models.orders import Totals
from checkout.statuses import SaleStatus, status_of
from checkout.tender_kinds import CHARGE
from salon.money import money

ROWS = ("client", "location", "opened_by", "closed_by", "voided_by", "appointment__client")


class Sale:
    """An order with its lines, discounts, payments and refunds. Six queries; one more
    for what is on its way to cards, and for disputes, once somebody asks."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.lines = list(
            LineItem.objects.filter(order=order)
            .with_taxes()
            .select_related("staff", "beneficiary", "opened_lot")
        )
        self.discounts = list(Discount.objects.filter(order=order).select_related("by"))
        self.tenders = list(
            Tender.objects.filter(order=order).select_related("custom", "till", "taken_by")
        )
        self.refunds = list(
            Refund.objects.filter(order=order).select_related("by", "client", "till", "location")
        )
        self.parts: dict[int, list[RefundPart]] = {refund.pk: [] for refund in self.refunds}
        for part in self._load_parts():
            self.parts[part.refund_id].append(part)
        self.totals = Totals(self.lines, self.tenders)

    def _load_parts(self) -> list[RefundPart]:
        """Each with the tender, line and refund that are loaded already."""
        tenders = {tender.pk: tender for tender in self.tenders}
        refunds = {refund.pk: refund for refund in self.refunds}
        for refund in self.refunds:
            refund.order = self.order
        parts = list(
            RefundPart.objects.filter(refund__order=self.order).select_related("allocation__line")
        )
        for part in parts:
            part.tender = tenders[part.tender_id]
            part.refund = refunds[part.refund_id]
        return parts

    @property
    def refunded(self) -> Money:
        """What went back after closing."""
        return sum(
            (self.amount_of(refund) for refund in self.refunds if not refund.before_close), money(0)
        )

    @property
    def left(self) -> Money:
        """What of the total has not gone back."""
        return self.totals.total - self.refunded

    @cached_property
    def card_refunds(self) -> list[CardRefund]:
        """What was sent back to cards, the oldest first."""
        return card_refunds_of(self.order)

    @cached_property
    def disputes(self) -> list[InDispute]:
        """Payments that a bank took back or asked about. A query only where the processor
        charged a card."""
        is_charged = any(tender.kind == CHARGE for tender in self.tenders)
        return disputes_of(self.order) if is_charged else []

    @property
    def is_going_back(self) -> bool:
        """Whether some of that has not arrived yet."""
        return any(row.status in CardRefund.UNDER_WAY for row in self.card_refunds)

    @property
    def status(self) -> SaleStatus:
        """Asks for what is on its way only where the sale is voided."""
        is_voided = self.order.status == Order.Status.VOIDED
        return status_of(
            self.order,
            self.totals.total,
            self.refunded,
            is_going_back=is_voided and self.is_going_back,
        )

    def amount_of(self, refund: Refund) -> Money:
        return sum((part.amount for part in self.parts[refund.pk]), money(0))


def find_sale(uuid: uuids.UUID) -> Sale | None:
    """The sale with that uuid. Seven queries."""
    order = Order.objects.select_related(*ROWS).filter(uuid=uuid).first()
    return Sale(order) if order else None


def sale_or_404(uuid: uuids.UUID) -> Sale:
    """For views: the sale, or the page that says there is none."""
    if sale := find_sale(uuid):
        return sale
    raise Http404("There is no such sale.")
