"""What of a closed sale can still go back: by allocation, by line, by payment. Reading only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum
from djmoney.money import Money

from checkout.line_kinds import kind_of
from checkout.models import Allocation, LineItem, Order, RefundPart, Tender
from salon.money import currency, minor, money, split


@dataclass(frozen=True)
class Portion:
    """So much of one allocation, going back. Minor units, above zero, with tax."""

    allocation: Allocation
    amount: int


class Refundable:
    """A closed order's allocations with what is left of each. Two queries."""

    def __init__(self, order: Order) -> None:
        self.allocations = list(
            Allocation.objects.filter(line__order=order).select_related(
                "line__order",
                "line__tax_rate",
                "line__opened_lot",
                "line__beneficiary",
                "tender__custom",
                "lot__account",
                "lot__appointment",
            )
        )
        parts = (
            RefundPart.objects.filter(refund__order=order, allocation__isnull=False)
            .values("allocation_id", "allocation__line_id")
            .annotate(gross=Sum("amount"), tax=Sum("tax"))
        )
        self.left = {a.pk: minor(a.amount) for a in self.allocations}
        self.refunded_tax: dict[int, int] = defaultdict(int)
        self.refunded_gross: dict[int, int] = defaultdict(int)
        for part in parts:
            gross = minor(Money(part["gross"], currency()))
            self.left[part["allocation_id"]] -= gross
            self.refunded_gross[part["allocation__line_id"]] += gross
            self.refunded_tax[part["allocation__line_id"]] += minor(Money(part["tax"], currency()))

    def of_line(self, line: LineItem) -> Money:
        """What can still be refunded of a line, with tax; its kind may limit it further."""
        left = sum(self.left[a.pk] for a in self.allocations if a.line_id == line.pk)
        limit = kind_of(line).refundable(line)
        return money(left if limit is None else min(left, limit))

    def of_tender(self, tender: Tender) -> Money:
        """What can still be refunded of a payment."""
        by_line: dict[LineItem, int] = defaultdict(int)
        for a in self.allocations:
            if a.tender_id == tender.pk:
                by_line[a.line] += self.left[a.pk]
        return money(sum(min(left, minor(self.of_line(line))) for line, left in by_line.items()))

    def portions_of_line(self, line: LineItem, amount: int) -> list[Portion]:
        """`amount` of a line: from its payments, in proportion to what is left of each."""
        by_tender: dict[int, list[Allocation]] = defaultdict(list)
        for a in self.allocations:
            if a.line_id == line.pk and self.left[a.pk]:
                by_tender[a.tender_id].append(a)
        weights = [sum(self.left[a.pk] for a in group) for group in by_tender.values()]
        portions: list[Portion] = []
        for group, part in zip(by_tender.values(), split(amount, weights), strict=True):
            portions += self._fill(reversed(group), part)
        return portions

    def portions_of_tender(self, tender: Tender, amount: int) -> list[Portion]:
        """`amount` of a payment: over its lines in proportion; of Credits, the last lot first."""
        by_lot: dict[int | None, list[Allocation]] = defaultdict(list)
        for a in self.allocations:
            if a.tender_id == tender.pk and self._open(a):
                by_lot[a.lot_id].append(a)
        portions: list[Portion] = []
        for group in reversed(by_lot.values()):
            weights = [self._open(a) for a in group]
            part = min(amount, sum(weights))
            amount -= part
            portions += [
                Portion(a, share)
                for a, share in zip(group, split(part, weights), strict=True)
                if share
            ]
        return portions

    def _open(self, allocation: Allocation) -> int:
        return min(self.left[allocation.pk], minor(self.of_line(allocation.line)))

    def _fill(self, allocations: Iterable[Allocation], amount: int) -> list[Portion]:
        portions = []
        for a in allocations:
            part = min(amount, self.left[a.pk])
            amount -= part
            if part:
                portions.append(Portion(a, part))
        return portions
