"""What of a closed sale can still go back: by allocation, by line, by payment. Reading only."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Sum
from djmoney.money import Money

from checkout.line_kinds import kind_of
from checkout.models import Allocation, LineItem, Order, RefundPart, Tender, load_lots
from checkout.tender_kinds import kind_of as tender_kind_of
from ledger.models import Lot
from salon.money import currency, minor, money, split


@dataclass(frozen=True)
class Portion:
    """So much of one allocation, going back. Minor units, above zero, with tax."""

    allocation: Allocation
    amount: int


class Refundable:
    """A closed order's allocations with what is left of each. Two queries, three if it sold credit.

    `within`: of the credit that it sold, only what stands in these lots.
    """

    def __init__(self, order: Order, within: Collection[Lot] | None = None) -> None:
        self.allocations = list(
            Allocation.objects.filter(line__order=order).select_related(
                "line__order",
                "line__opened_lot",
                "line__beneficiary",
                "line__staff",
                "line__provider",
                "tender__custom",
                "lot__account__client",
                "lot__appointment",
            )
        )
        self.lines: dict[int, LineItem] = {}
        for a in self.allocations:
            a.line = self.lines.setdefault(a.line_id, a.line)
        load_lots(self.lines.values())
        for line in self.lines.values():
            line.within = within
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
        ceilings = {pk: kind_of(line).refundable_to_cards(line) for pk, line in self.lines.items()}
        self.most_by_card = {pk: most for pk, most in ceilings.items() if most is not None}
        """By line: where less of the credit that it sold may go to cards than they paid."""

    def of_line(self, line: LineItem) -> Money:
        """What can still be refunded of a line, with tax; its kind may limit it further."""
        own = self.lines.get(line.pk, line)
        by_card, others = self._left_of(line)
        left = min(by_card, self.most_by_card.get(line.pk, by_card)) + others
        limit = kind_of(own).refundable(own)
        return money(left if limit is None else min(left, limit))

    def of_tender(self, tender: Tender) -> Money:
        """What can still be refunded of a payment, without what only its line's name refunds."""
        return money(self._of_tender(tender, by_name_only=False))

    def by_name_only(self, tender: Tender) -> Money:
        """What else of it can go back, when somebody names the line: tips."""
        return money(self._of_tender(tender, by_name_only=True))

    def _of_tender(self, tender: Tender, *, by_name_only: bool) -> int:
        by_line: dict[LineItem, int] = defaultdict(int)
        for a in self.allocations:
            if a.tender_id == tender.pk and _is_by_name_only(a) == by_name_only:
                by_line[a.line] += self.left[a.pk]
        is_card = tender_kind_of(tender).is_card
        for line, left in by_line.items():
            most = self.most_by_card.get(line.pk, left) if is_card else left
            by_line[line] = min(left, most, minor(self.of_line(line)))
        return sum(by_line.values())

    def of_line_by_card(self, line: LineItem) -> Money:
        """What of a line can still go back to the cards that paid it."""
        by_card, _ = self._left_of(line)
        most = self.most_by_card.get(line.pk, by_card)
        return min(money(min(by_card, most)), self.of_line(line))

    def _left_of(self, line: LineItem) -> tuple[int, int]:
        """What cards paid of a line and is not refunded, and what other payments did."""
        mine = [a for a in self.allocations if a.line_id == line.pk]
        by_card = sum(self.left[a.pk] for a in mine if _by_card(a))
        return by_card, sum(self.left[a.pk] for a in mine) - by_card

    def portions_of_line(
        self, line: LineItem, amount: int, by_card_only: bool = False
    ) -> list[Portion]:
        """`amount` of a line: from its payments, in proportion to what is left of each."""
        by_tender: dict[int, list[Allocation]] = defaultdict(list)
        for a in self.allocations:
            if a.line_id == line.pk and self.left[a.pk] and (_by_card(a) or not by_card_only):
                by_tender[a.tender_id].append(a)
        groups = list(by_tender.values())
        weights = [sum(self.left[a.pk] for a in group) for group in groups]
        portions: list[Portion] = []
        parts = self._within_card_ceiling(line, groups, split(amount, weights))
        for group, part in zip(groups, parts, strict=True):
            portions += self._fill(reversed(group), part)
        return portions

    def portions_of_tender(self, tender: Tender, amount: int) -> list[Portion]:
        """`amount` of a payment: over its lines in proportion; of Credits, the last lot first."""
        by_lot: dict[int | None, list[Allocation]] = defaultdict(list)
        for a in self.allocations:
            if a.tender_id == tender.pk and self._open(a) and not _is_by_name_only(a):
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

    def _within_card_ceiling(
        self, line: LineItem, groups: list[list[Allocation]], parts: list[int]
    ) -> list[int]:
        """What its cards may not take any more goes back by the other payments."""
        most = self.most_by_card.get(line.pk)
        by_card = [_by_card(group[0]) for group in groups]
        to_cards = [part if card else 0 for part, card in zip(parts, by_card, strict=True)]
        if most is None or sum(to_cards) <= most:
            return parts
        room = [
            0 if card else sum(self.left[a.pk] for a in group) - part
            for group, part, card in zip(groups, parts, by_card, strict=True)
        ]
        clipped = split(most, to_cards)
        moved = split(sum(to_cards) - most, room)
        return [
            (fits if card else part) + more
            for part, card, fits, more in zip(parts, by_card, clipped, moved, strict=True)
        ]

    def _open(self, allocation: Allocation) -> int:
        left = min(self.left[allocation.pk], minor(self.of_line(allocation.line)))
        if _by_card(allocation):
            return min(left, self.most_by_card.get(allocation.line_id, left))
        return left

    def _fill(self, allocations: Iterable[Allocation], amount: int) -> list[Portion]:
        portions = []
        for a in allocations:
            part = min(amount, self.left[a.pk])
            amount -= part
            if part:
                portions.append(Portion(a, part))
        return portions


def _is_by_name_only(allocation: Allocation) -> bool:
    return kind_of(allocation.line).refunded_by_name_only


def _by_card(allocation: Allocation) -> bool:
    return tender_kind_of(allocation.tender).is_card
