"""The machine's acts on sales: lines, discounts, tips, payments, closing, refunds."""

import uuid
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from checkout.discounting import add_discount, remove_discount
from checkout.lines import (
    add_account_credits,
    add_product,
    add_service,
    change_line,
    remove_line,
)
from checkout.models import Order
from checkout.refundable import Refundable
from checkout.refunding import refund_lines, refund_tender
from checkout.taking_back import take_back
from checkout.tips import set_tips, share_tip
from checkout.voiding import void_order
from salon.money import minor, money, percent_of
from tests.checkout.helpers import remaining
from tests.checkout.machine_checks import everything, free_credit
from tests.checkout.machine_desk import AMOUNT, LIMIT, PICK, DeskMachine
from tests.factories import dollars, make_product, make_service

KINDS = st.sampled_from(["cash", "card", "credits", "credits"])
PART = st.sampled_from([1, 2, 3])
WAY = st.sampled_from(["own", "balance"])


class SalesMachine(DeskMachine):
    @rule(
        who=PICK,
        service=AMOUNT,
        quantity=PART,
        credit=st.sampled_from([0, 0, 25, 50]),
        rate=PICK,
        staff=PICK,
    )
    def open_a_sale(self, who, service, quantity, credit, rate, staff):
        desk, client = self.desk, self.one(self.clients, who)
        order, tax = self.new_order(client, desk), self.one(self.rates, rate)
        service = make_service(f"Service at {service}", service, tax_rate=tax)
        add_service(order=order, service=service, staff=self.one(self.staff, staff), desk=desk)
        product = make_product("Comb", 19, tax_rate=tax)
        add_product(order=order, product=product, quantity=quantity, desk=desk)
        if credit:
            add_account_credits(order=order, beneficiary=client, amount=dollars(credit), desk=desk)

    # --- what is on it --------------------------------------------------------------------------

    @precondition(lambda self: self.orders)
    @rule(which=PICK, line=PICK, on_line=st.booleans(), percent=st.booleans(), much=AMOUNT)
    def give_a_discount(self, which, line, on_line, percent, much):
        order, desk, key = self.open_order(which), self.desk, uuid.uuid4()
        if order is None:
            return
        lines = list(order.lines.all())
        is_first = not order.discounts.exists()
        takers = [ln for ln in lines if ln.kind in ("service", "product")]
        whole = sum(minor(ln.price) for ln in takers)
        how = {"percent": Decimal(much)} if percent else {"amount": dollars(much)}
        on = self.one(lines, line) if on_line and lines else None

        def act():
            return add_discount(
                order=order, line=on, reason="Regular", desk=desk, uuid=key,
                revision=order.revision, **how,
            )  # fmt: skip

        discount = self.attempt(act)
        if discount is None:
            return
        discount.refresh_from_db()
        assert on is None or on.kind in ("service", "product")
        if is_first:
            of = minor(on.price) if on else whole
            assert minor(discount.taken_off) == (
                percent_of(of, Decimal(much)) if percent else much * 100
            )

    @precondition(lambda self: self.orders)
    @rule(which=PICK, line=PICK, what=st.sampled_from(["quantity", "price", "remove", "whole"]))
    def change_what_is_on_it(self, which, line, what):
        order, desk = self.open_order(which), self.desk
        if order is None or not (lines := list(order.lines.all())):
            return
        chosen, revision = self.one(lines, line), order.revision
        if what == "remove":
            self.attempt(lambda: remove_line(line=chosen, desk=desk, revision=revision))
        elif what == "whole":
            if discount := order.discounts.first():
                self.attempt(
                    lambda: remove_discount(discount=discount, desk=desk, revision=revision)
                )
        else:
            change = {"quantity": 2} if what == "quantity" else {"unit_price": dollars(33)}
            if chosen.kind in ("service", "product"):
                self.attempt(
                    lambda: change_line(line=chosen, desk=desk, revision=revision, **change)
                )

    @precondition(lambda self: self.orders)
    @rule(which=PICK, tips=st.lists(st.integers(0, 30), min_size=1, max_size=2))
    def tip(self, which, tips):
        order, desk, key = self.open_order(which), self.desk, uuid.uuid4()
        if order is None:
            return
        form = {"order": order, "desk": desk, "uuid": key, "revision": order.revision}
        if len(tips) == 1:
            self.attempt(lambda: share_tip(total=dollars(tips[0]), **form))
        else:
            named = dict(zip(self.staff, map(dollars, tips), strict=True))
            self.attempt(lambda: set_tips(tips=named, **form))

    # --- payments -------------------------------------------------------------------------------

    @precondition(lambda self: self.orders)
    @rule(which=PICK, kind=KINDS, part=PART, reason=st.sampled_from(["", "", "Regular"]))
    def pay_part(self, which, kind, part, reason):
        order = self.open_order(which) or self.order(which)
        cents = max(1, minor(remaining(order)) // part)
        more = {"override_reason": reason} if kind == "credits" else {}
        tender = self.pay(order, kind, cents, **more)
        if tender is None or not tender.owed:
            return
        assert not free_credit([order.client], self.desk), "owes, with credit to spend"
        assert tender.override_reason or self.model.owes(order.client) <= LIMIT * 100

    @precondition(lambda self: any(self.model.standing.values()))
    @rule(which=PICK, tender=PICK, part=PART, to=WAY)
    def take_a_payment_back(self, which, tender, part, to):
        paid = [pk for pk, cents in self.model.standing.items() if cents]
        order, desk, key = self.order_named(self.one(paid, which)), self.desk, uuid.uuid4()
        tenders = list(order.tenders.select_related("account"))
        chosen = self.one(tenders, tender)
        cents = minor(chosen.standing) // part
        way = chosen.kind if to == "own" else to

        def act():
            return take_back(
                tender=chosen, amount=money(cents), destination=way, desk=desk, uuid=key
            )

        if self.attempt(act):
            self.model.taken_back(chosen, order, cents, way, desk, order.client)

    @precondition(lambda self: self.orders)
    @rule(
        which=PICK,
        kind=st.sampled_from(["", "card", "cash", "credits"]),
        left_over=st.sampled_from(["balance", "card"]),
    )
    def close_a_sale(self, which, kind, left_over):
        order = self.open_order(which) or self.order(which)
        if kind:
            self.pay_all(order, kind)
        self.close(order, left_over)

    @precondition(lambda self: self.orders)
    @rule(which=PICK)
    def void(self, which):
        # Mostly one that is open.
        order, desk = (which % 4 and self.open_order(which)) or self.order(which), self.desk
        standing = [
            (tender, minor(tender.standing))
            for tender in order.tenders.select_related("account").order_by("-pk")
            if tender.standing
        ]
        was_open = order.is_open
        if self.attempt(lambda: void_order(order=order, desk=desk, reason="test")) and was_open:
            for tender, cents in standing:
                self.model.taken_back(tender, order, cents, tender.kind, desk, order.client)
            assert not self.model.standing.pop(order.pk, 0)

    # --- refunds --------------------------------------------------------------------------------

    @precondition(lambda self: self.has_closed)
    @rule(which=PICK, line=PICK, part=PART, to=WAY)
    def refund_a_line(self, which, line, part, to):
        order, desk, key = self.closed_order(which), self.desk, uuid.uuid4()
        lines = list(order.lines.all())
        if not lines:
            return
        chosen = self.one(lines, line)
        cents = minor(Refundable(order).of_line(chosen)) // part
        ways = {t.pk: to for t in order.tenders.all() if to == "balance" and t.kind != "credits"}

        def act():
            return refund_lines(
                order=order, amounts={chosen: money(cents)}, destinations=ways, desk=desk, uuid=key
            )

        self.refund(act, cents)

    @precondition(lambda self: self.has_closed)
    @rule(which=PICK, tender=PICK, part=PART, to=WAY)
    def refund_a_payment(self, which, tender, part, to):
        order, desk, key = self.closed_order(which), self.desk, uuid.uuid4()
        tenders = list(order.tenders.all())
        if not tenders:
            return
        chosen = self.one(tenders, tender)
        cents = minor(Refundable(order).of_tender(chosen)) // part
        tips = [minor(line.amount) for line in order.lines.filter(kind="tip")]
        way = chosen.kind if to == "own" else to

        def act():
            return refund_tender(
                tender=chosen, amount=money(cents), desk=desk, uuid=key, destination=way
            )

        refund = self.refund(act, cents)
        if refund and tips:
            assert not refund.parts.filter(allocation__line__kind="tip").exists()

    def closed_order(self, number):
        rows = Order.objects.filter(status=Order.Status.CLOSED).select_related("client")
        return self.one(list(rows.order_by("pk")), number)

    def refund(self, act, cents):
        desk = self.desk
        refund = self.attempt(act)
        if refund is not None:
            assert self.model.refunded(refund, desk) == cents
        return refund

    @precondition(lambda self: self.calls)
    @rule(which=PICK)
    def send_an_old_form_again(self, which):
        before = everything()
        self.attempt(self.one(self.calls, which), remember=False)
        assert everything() == before
