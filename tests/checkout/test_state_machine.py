"""All acts of the desk in any order, against a model that only adds and subtracts.

The model keeps four piles: what is in the drawer, at the card processor, on each client's balance,
and earned. After every act the ledger has to show the same, and open orders what stands on them.
"""

import uuid
from collections import defaultdict

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import Order
from checkout.refundable import Refundable
from checkout.refunding import refund_lines, refund_tender
from checkout.taking_back import take_back
from checkout.voiding import void_order
from ledger.adjusting import adjust_balance
from ledger.errors import LedgerError
from salon.money import minor, money
from tests.checkout.helpers import books, has, order_with, pay, remaining
from tests.factories import dollars, make_client, make_desk, make_role, make_tax_rate

AMOUNT = st.integers(min_value=1, max_value=150)
KINDS = st.sampled_from(["cash", "card", "credits"])
PICK = st.integers(min_value=0, max_value=10_000)


class Desk(RuleBasedStateMachine):
    @initialize()
    def open_the_shop(self):
        make_role("Owner")
        self.desk = make_desk("Olivia")
        self.tax = make_tax_rate("8.875")
        self.clients = [make_client("Clara Nuñez"), make_client("Ben Okafor")]
        self.orders: list[Order] = []
        self.start = books()
        self.cash = self.card = self.earned = self.gifts = 0
        self.balance = defaultdict(int)
        self.calls = []

    # --- acts ---------------------------------------------------------------------------------

    @rule(who=PICK, service=AMOUNT, product=AMOUNT, credit=st.sampled_from([0, 0, 25, 50]))
    def open_an_order(self, who, service, product, credit):
        client = self._one(self.clients, who)
        self.orders.append(
            order_with(
                self.desk, client, service=service, product=product, credit=credit,
                tax_rate=self.tax,
            )
        )  # fmt: skip

    @rule(who=PICK, amount=st.integers(min_value=-60, max_value=60).filter(bool))
    def adjust(self, who, amount):
        client, key = self._one(self.clients, who), uuid.uuid4()

        def act():
            return adjust_balance(
                client=client, amount=dollars(amount), reason="gift", note="", desk=self.desk,
                key=key,
            )  # fmt: skip

        if self._try(act):
            self.balance[client] += amount * 100
            self.gifts += amount * 100

    @precondition(lambda self: self.orders)
    @rule(which=PICK, kind=KINDS, part=st.sampled_from([1, 2, 3]))
    def pay_part(self, which, kind, part):
        order = self._one(self.orders, which)
        cents = max(1, minor(remaining(order)) // part)
        key = uuid.uuid4()
        if self._try(lambda: pay(order, kind, money(cents), self.desk, key=key)):
            self._pile(kind, order.client, cents)

    @precondition(lambda self: self.orders)
    @rule(
        which=PICK,
        tender=PICK,
        part=st.sampled_from([1, 2]),
        to=st.sampled_from(["own", "balance"]),
    )
    def take_a_payment_back(self, which, tender, part, to):
        order = self._one(self.orders, which)
        tenders = list(order.tenders.all())
        if not tenders:
            return
        chosen = self._one(tenders, tender)
        cents = minor(chosen.standing) // part
        way, key = (chosen.kind if to == "own" else to), uuid.uuid4()

        def act():
            return take_back(
                tender=chosen, amount=money(cents), destination=way, desk=self.desk, uuid=key
            )

        if self._try(act):
            self._pile("credits" if way == "balance" else way, order.client, -cents)

    @precondition(lambda self: self.orders)
    @rule(which=PICK)
    def close(self, which):
        order = self._one(self.orders, which)
        was_open = Order.objects.get(pk=order.pk).is_open
        if self._try(lambda: close_order(order=order, desk=self.desk)) and was_open:
            for line in order.lines.all():
                if line.kind == "account_credit":
                    self.balance[line.beneficiary] += minor(line.amount)
                else:
                    self.earned += minor(line.total)

    @precondition(lambda self: self.orders)
    @rule(which=PICK)
    def void(self, which):
        order = self._one(self.orders, which)
        standing = [(t.kind, minor(t.standing)) for t in order.tenders.all()]
        was_open = Order.objects.get(pk=order.pk).is_open
        if self._try(lambda: void_order(order=order, desk=self.desk, reason="test")) and was_open:
            for kind, cents in standing:
                self._pile(kind, order.client, -cents)

    @precondition(lambda self: self.orders)
    @rule(
        which=PICK,
        line=PICK,
        part=st.sampled_from([1, 2, 3]),
        to=st.sampled_from(["own", "balance"]),
    )
    def refund_a_line(self, which, line, part, to):
        order = self._one(self.orders, which)
        chosen = self._one(list(order.lines.all()), line)
        cents = minor(Refundable(order).of_line(chosen)) // part
        ways = {t.pk: to for t in order.tenders.all() if to == "balance" and t.kind != "credits"}
        key = uuid.uuid4()

        def act():
            return refund_lines(
                order=order, amounts={chosen: money(cents)}, destinations=ways, desk=self.desk,
                uuid=key,
            )  # fmt: skip

        self._refunded(self._try(act), order, cents)

    @precondition(lambda self: self.orders)
    @rule(
        which=PICK,
        tender=PICK,
        part=st.sampled_from([1, 2]),
        to=st.sampled_from(["own", "balance"]),
    )
    def refund_a_payment(self, which, tender, part, to):
        order = self._one(self.orders, which)
        tenders = list(order.tenders.all())
        if not tenders:
            return
        chosen, key = self._one(tenders, tender), uuid.uuid4()
        cents = minor(Refundable(order).of_tender(chosen)) // part

        def act():
            return refund_tender(
                tender=chosen, amount=money(cents), desk=self.desk, uuid=key,
                destination=chosen.kind if to == "own" else to,
            )  # fmt: skip

        self._refunded(self._try(act), order, cents)

    @precondition(lambda self: self.calls)
    @rule(which=PICK)
    def send_an_old_form_again(self, which):
        before = books()
        self._try(self._one(self.calls, which), remember=False)
        assert books() == before

    # --- what has to hold ---------------------------------------------------------------------

    @invariant()
    def the_books_show_the_same(self):
        if not hasattr(self, "cash"):
            return
        shown = defaultdict(int, books())
        assert sum(shown.values()) == 0
        assert shown["cash"] - self.start.get("cash", 0) == self.cash
        assert shown["card"] - self.start.get("card", 0) == self.card
        assert -shown["income"] - shown["tax"] == self.earned
        assert shown["goodwill"] == self.gifts
        assert -shown["client_credit"] == sum(self.balance.values())
        standing = [
            minor(t.standing)
            for order in Order.objects.open().prefetch_related("tenders")
            for t in order.tenders.all()
        ]
        assert -shown["open_orders"] == sum(standing)
        for client in self.clients:
            assert minor(has(client, self.desk).total) == self.balance[client]

    # --- the model's hands --------------------------------------------------------------------

    def _one(self, things, number):
        return things[number % len(things)]

    def _try(self, act, remember=True):
        try:
            done = act()
        except (Refused, LedgerError):
            return None
        if remember:
            self.calls.append(act)
        return done

    def _pile(self, kind, client, cents):
        if kind == "cash":
            self.cash += cents
        elif kind == "card":
            self.card += cents
        else:
            self.balance[client] -= cents

    def _refunded(self, refund, order, cents):
        if refund is None:
            return
        parts = list(refund.parts.select_related("allocation__line", "tender"))
        assert sum(minor(part.amount) for part in parts) == cents
        for part in parts:
            line = part.allocation.line
            if line.kind == "account_credit":
                self.balance[line.beneficiary] -= minor(part.amount)
            else:
                self.earned -= minor(part.amount)
            way = part.destination
            self._pile("credits" if way == "balance" else way, refund.client, -minor(part.amount))


class RolledBack(Desk):
    """Each run of the machine in a transaction of its own, which never commits."""

    def __init__(self):
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)


@pytest.mark.django_db
def test_the_ledger_agrees_with_the_model_whatever_the_desk_does():
    run_state_machine_as_test(
        RolledBack,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
