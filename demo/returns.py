"""What goes back in the demo salon: products, parts of payments, credit that was not wanted."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

from checkout.models import LineItem, Order, Tender
from checkout.refundable import Refundable
from checkout.refunding import refund_lines, refund_tender
from checkout.tender_kinds import BALANCE, CASH, CREDITS
from demo.diary import Diary
from demo.places import Shop
from salon import permissions
from salon.money import minor, money

if TYPE_CHECKING:
    from demo.counter import Counter

WHY_BACK = ["Wrong shade", "Already has one", "Unopened, changed her mind", "Leaking pump"]
WHY_PART = ["Color faded within a week", "Waited forty minutes", "Not happy with the finish"]


class Returns:
    """Decides when a sale closes whether something of it comes back, and does it days later."""

    def __init__(self, rng: Random, diary: Diary, counter: Counter) -> None:
        self.rng = rng
        self.diary = diary
        self.counter = counter

    def perhaps(self, order: Order, shop: Shop) -> None:
        """Note a refund for some of the sales."""
        if self.rng.random() > 0.11 or order.closed_at is None:
            return
        later = order.closed_at + dt.timedelta(days=self.rng.randrange(1, 9))
        act = self.rng.choice([self.product, self.product, self.part, self.credit])
        self.diary.note(later, act, order, shop)

    def product(self, at: dt.datetime, order: Order, shop: Shop) -> None:
        """One product comes back whole, to the balance or the way it was paid."""
        line = order.lines.filter(kind="product").first()
        if line is None:
            return
        tenders = list(order.tenders.filter(returned_at__isnull=True))
        ways = {tender.pk: self._way(tender, order, shop) for tender in tenders}
        self._refund_line(at, order, shop, line, ways)

    def part(self, at: dt.datetime, order: Order, shop: Shop) -> None:
        """Something was not right: a part of one payment goes back."""
        tender = self.rng.choice(order.tenders.filter(returned_at__isnull=True) or [None])
        left = minor(Refundable(order).of_tender(tender)) if tender else 0
        cents = left // self.rng.choice([2, 3, 4]) // 100 * 100
        if tender is None or cents < 500:
            return
        refund_tender(
            tender=tender,
            amount=money(cents),
            destination=self._way(tender, order, shop),
            desk=self.counter.desk(at, shop, shop.chief),
            uuid=self.counter.key(),
            reason=self.rng.choice(WHY_PART),
        )

    def credit(self, at: dt.datetime, order: Order, shop: Shop) -> None:
        """Account credit is given back for money, as far as it is still there."""
        line = order.lines.filter(kind="account_credit").select_related("opened_lot").first()
        if line is not None:
            self._refund_line(at, order, shop, line, {})

    def _refund_line(
        self, at: dt.datetime, order: Order, shop: Shop, line: LineItem, ways: dict[int, str]
    ) -> None:
        left = Refundable(order).of_line(line)
        if not left:
            return
        refund_lines(
            order=order,
            amounts={line: left},
            destinations=ways,
            desk=self.counter.desk(at, shop, shop.chief),
            uuid=self.counter.key(),
            reason=self.rng.choice(WHY_BACK) if line.product_id else "Moving away",
        )

    def _way(self, tender: Tender, order: Order, shop: Shop) -> str:
        """Where a payment goes: credit to credit, else half of the time to the balance."""
        if tender.kind == CREDITS:
            return CREDITS
        if order.lines.filter(kind="account_credit").exists():
            return tender.kind  # What paid for credit never becomes credit.
        chance = self.rng.random()
        if chance < 0.08 and shop.chief.has_perm(permissions.REFUND_CARD_IN_CASH):
            return CASH
        if chance < 0.55 and order.client:
            self.counter.holders.add(order.client.pk)
            return BALANCE
        return tender.kind
