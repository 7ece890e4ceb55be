"""The hands of the machine: how an act is tried, and what the model is told of it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import LineItem, Order, Refund, Tender
from checkout.opening import open_order
from clients.errors import Refused as ClientRefused
from ledger.errors import LedgerError
from salon.models import BusinessSettings
from salon.money import money
from tests.checkout import machine_checks
from tests.checkout.helpers import pay, remaining
from tests.checkout.machine_model import Model
from tests.factories import (
    dollars,
    make_client,
    make_desk,
    make_location,
    make_role,
    make_split_tax,
    make_staff,
    make_tax_rate,
    make_till,
)

AMOUNT = st.integers(min_value=1, max_value=150)
PICK = st.integers(min_value=0, max_value=10_000)
LIMIT = 80


class DeskMachine(RuleBasedStateMachine):
    """The shop, the model and what both show. The acts are in the modules beside this one."""

    is_open = False

    @initialize(
        may_owe=st.booleans(),
        tips_from_balance=st.booleans(),
        by_card_only=st.booleans(),
        needs_till=st.sampled_from([False, False, False, True]),
    )
    def open_the_shop(self, may_owe, tips_from_balance, by_card_only, needs_till):
        make_role("Owner")
        BusinessSettings.objects.update(
            negative_balances=may_owe,
            negative_balance_limit=dollars(LIMIT),
            tips_from_balance=tips_from_balance,
            deposits_by_card_only=by_card_only,
            cash_needs_open_till=needs_till,
        )
        self.desk = make_desk("Olivia")
        self.tills = [self.desk.till, make_till("Back", location=make_location())]
        self.staff = [make_staff("Maya"), make_staff("Theo")]
        self.rates = [
            None,
            make_tax_rate("8.875"),
            make_split_tax("4.375", "4.5", name="Both"),
            make_tax_rate("20", name="VAT", is_included=True),
        ]
        self.clients = [make_client(name) for name in ("Clara Nuñez", "Ben Okafor", "Ines Duarte")]
        self.orders: list[Order] = []
        self.visits: list = []
        self.cards: list = []
        self.calls: list[Callable[[], Any]] = []
        self.known = 0
        """The last payment that the model was told of."""
        self.has_closed = False
        self.model = Model()
        self.furnish()
        self.is_open = True

    def furnish(self) -> None:
        """What there is before the first act, made by the acts themselves."""

    # --- what has to hold -----------------------------------------------------------------------

    @invariant()
    def the_books_show_the_same(self):
        if not self.is_open:
            return
        machine_checks.check_books(self.model)
        machine_checks.check_lots()
        machine_checks.check_clients(self.model, self.desk)
        machine_checks.check_cards(self.model)
        machine_checks.check_tills(self.model)
        machine_checks.check_orders(self.model)

    # --- hands ----------------------------------------------------------------------------------

    def one(self, things, number):
        return things[number % len(things)]

    def order(self, number) -> Order:
        """One of the sales, as it is now."""
        return self.fresh(self.one(self.orders, number))

    def order_named(self, pk) -> Order:
        return Order.objects.select_related("client").get(pk=pk)

    def open_order(self, number) -> Order | None:
        """One of those that are still open."""
        rows = list(Order.objects.open().select_related("client").order_by("pk"))
        return self.one(rows, number) if rows else None

    def attempt(self, act, remember=True):
        """What the act made; None where it was refused, and then nothing at all has changed."""
        before = machine_checks.everything()
        try:
            done = act()
        except (Refused, ClientRefused, LedgerError):
            assert machine_checks.everything() == before
            return None
        if remember:
            self.calls.append(act)
        return done

    def new_order(self, client, desk) -> Order:
        order = open_order(desk=desk, client=client)
        self.orders.append(order)
        return order

    def pay(self, order, kind, cents, **more) -> Tender | None:
        """Take a payment; a deposit that is proposed comes with it."""
        desk, key, order = self.desk, uuid.uuid4(), self.fresh(order)
        tender = self.attempt(lambda: pay(order, kind, money(cents), desk, key=key, **more))
        if tender is not None:
            self.note_payments(order, desk)
        return tender

    def pay_all(self, order, kind) -> None:
        cents = int(remaining(order).amount * 100)
        if cents > 0:
            self.pay(order, kind, cents)

    def note_payments(self, order, desk) -> list[Tender]:
        """Tell the model of the payments that an act took; `order` is as it was before."""
        taken = Tender.objects.filter(order=order, pk__gt=self.known).select_related("account")
        tenders = list(taken.order_by("pk"))
        for tender in tenders:
            self.model.taken(tender, order, desk, order.deposit_held_back)
            self.known = tender.pk
        return tenders

    def close(self, order, left_over="balance") -> bool:
        """Close a sale and tell the model. Whether it closed now."""
        desk, order = self.desk, self.fresh(order)
        was_open = order.is_open
        last = Refund.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        closed = self.attempt(lambda: close_order(order=order, desk=desk, left_over=left_over))
        if closed is None or not was_open:
            return False
        self.has_closed = True
        self.note_payments(order, desk)
        lines = LineItem.objects.filter(order=order).select_related(
            "beneficiary", "staff", "gift_card"
        )
        self.model.closed(order, list(lines))
        to_card = self._to_card_since(last)
        assert left_over == "card" or not to_card
        if order.appointment_id:
            self.model.let_go(order.appointment_id, order.client, to_card)
        return True

    def _to_card_since(self, last) -> int:
        parts = [part for r in Refund.objects.filter(pk__gt=last) for part in r.parts.all()]
        assert all(part.destination == "card" for part in parts)
        return sum(int(part.amount.amount * 100) for part in parts)

    def fresh(self, order) -> Order:
        return self.order_named(order.pk)

    def a_day_later(self) -> None:
        self.desk = dataclasses.replace(self.desk, at=self.desk.at + dt.timedelta(days=1))
