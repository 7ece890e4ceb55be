"""All acts of the desk in any order, against a model that only adds and subtracts.

The model (machine_model.py) keeps what should stand on every account, what is held for each visit,
and what is paid on each open sale. After every act the ledger and the desk's own figures have to
show the same; what was refused has to leave every row as it was.
"""

import datetime as dt
import uuid

import pytest
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from checkout.adding_deposits import add_deposit
from checkout.models import TillSession
from checkout.opening import open_for_visit
from checkout.proposing import use_deposit
from checkout.settling import add_settlement
from checkout.tills.closing import close_till
from checkout.tills.moving import pay_in, pay_out
from checkout.tills.opening import open_till
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from giftcards.redeeming import redeem
from giftcards.selling import Gift, add_gift_card
from ledger import accounts
from ledger.adjusting import adjust_balance
from ledger.expiring import expire_lots
from ledger.models import Lot
from salon import clock
from salon.money import minor, money
from tests.checkout.helpers import remaining
from tests.checkout.machine_checks import free_credit
from tests.checkout.machine_desk import AMOUNT, PICK
from tests.checkout.machine_sales import PART, SalesMachine
from tests.factories import dollars, make_appointment, make_service
from tests.harness import machines
from tests.harness.machines import NothingStays

HOUSE = st.sampled_from(["cash", "card", "card"])


class Desk(SalesMachine):
    def furnish(self):
        """Each client has a visit with a deposit, a gift, a gift card, and a sale half paid."""
        for number in range(len(self.clients)):
            self.adjust(number, 40, [None, 1][number % 2], ["any", "services", "any"][number])
            self.book_a_visit(number, 85, number)
            self.take_a_deposit(number, number + 1, 30 + 40 * number, "card", 1)
            self.sell_a_gift_card(number, 50, "card", 1)
            self.open_a_sale(number, 60, 1, 0, number + 1, number)
            self.give_a_discount(number, 0, False, True, 10)
            if number:  # Who has paid with credit cannot be merged away yet; Ben owes if he may.
                self.pay_part(number, "credits", number, "")
            self.tip(number, [12])
            self.pay_part(number, ["cash", "card"][number % 2], 2, "")

    # --- gifts ----------------------------------------------------------------------------------

    @rule(
        who=PICK,
        amount=st.integers(min_value=-60, max_value=90).filter(bool),
        days=st.sampled_from([None, None, 0, 1]),
        only=st.sampled_from(["any", "any", "services", "products"]),
    )
    def adjust(self, who, amount, days, only):
        client, key, desk = self.one(self.clients, who), uuid.uuid4(), self.desk
        last_day = None if days is None else desk.business_date + dt.timedelta(days=days)

        def act():
            return adjust_balance(
                client=client, amount=dollars(amount), reason="gift", note="", desk=desk,
                key=key, expires_on=last_day, restriction=only,
            )  # fmt: skip

        if not self.attempt(act):
            return
        self.model.accounts[accounts.GOODWILL] += amount * 100
        if amount > 0:
            self.model.comes_in(client, amount * 100, settles=only == "any")
        else:
            self.model.accounts[accounts.credit_of(client)] -= amount * 100

    @rule()
    def the_night_comes(self):
        """What expired is the salon's in the morning."""
        self.a_day_later()
        over = Lot.objects.filter(expires_on__lt=self.desk.business_date, remaining__gt=0)
        for name, cents in list(over.values_list("account__name").annotate(Sum("remaining"))):
            self.model.move(name, accounts.BREAKAGE, cents)
        expire_lots(self.desk.at)

    # --- deposits -------------------------------------------------------------------------------

    @rule(who=PICK, price=AMOUNT, rate=PICK)
    def book_a_visit(self, who, price, rate):
        tax = self.one(self.rates, rate)
        self.visits.append(
            make_appointment(
                self.one(self.clients, who),
                make_service(f"Visit at {price}", price, tax_rate=tax),
                starts_at=clock.now() + dt.timedelta(days=40 + len(self.visits)),
            )
        )

    @precondition(lambda self: self.visits)
    @rule(visit=PICK, payer=PICK, amount=AMOUNT, kind=HOUSE, closes=st.sampled_from([1, 1, 0]))
    def take_a_deposit(self, visit, payer, amount, kind, closes):
        visit, desk = self.one(self.visits, visit), self.desk
        visit.refresh_from_db()
        order = self.new_order(self.one(self.clients, payer), desk)

        def act():
            return add_deposit(
                order=order, beneficiary=visit.client, visit=visit, amount=dollars(amount),
                desk=desk,
            )  # fmt: skip

        if self.attempt(act, remember=False):
            self.pay_all(order, kind)
        if closes:
            self.close(order)

    @precondition(lambda self: self.visits)
    @rule(
        visit=PICK,
        kind=st.sampled_from(["", "card", "cash", "credits"]),
        left_over=st.sampled_from(["", "balance", "card"]),
    )
    def check_a_visit_out(self, visit, kind, left_over):
        visit, desk = self.one(self.visits, visit), self.desk
        visit.refresh_from_db()
        order = self.attempt(lambda: open_for_visit(appointment=visit, desk=desk), remember=False)
        if order is None:
            return
        if order not in self.orders:
            self.orders.append(order)
        # The deposit comes by itself with whatever pays the rest.
        rest = minor(remaining(order)) - self.model.held[visit.pk]
        if kind and rest > 0:
            self.pay(order, kind, rest)
        if left_over:
            self.close(order, left_over)

    @precondition(lambda self: self.visits)
    @rule(which=PICK, use=st.booleans())
    def leave_the_deposit_out(self, which, use):
        order, desk = self.open_order(which), self.desk
        if order is not None and order.appointment_id:
            revision = order.revision
            self.attempt(lambda: use_deposit(order=order, use=use, desk=desk, revision=revision))

    # --- gift cards -----------------------------------------------------------------------------

    @rule(who=PICK, amount=AMOUNT, kind=HOUSE, closes=st.sampled_from([1, 1, 0]))
    def sell_a_gift_card(self, who, amount, kind, closes):
        desk, key = self.desk, uuid.uuid4()
        order = self.new_order(self.one(self.clients, who), desk)

        def act():
            return add_gift_card(
                order=order, amount=dollars(amount), gift=Gift(), desk=desk, uuid=key
            )

        line = self.attempt(act)
        self.cards.append(line.gift_card)
        self.pay_all(order, kind)
        if closes:
            self.close(order)

    @precondition(lambda self: self.cards)
    @rule(which=PICK, card=PICK, part=PART)
    def redeem_a_gift_card(self, which, card, part):
        order, desk, key = self.open_order(which), self.desk, uuid.uuid4()
        card = self.one(self.cards, card)
        if order is None or not type(card).objects.filter(pk=card.pk).exists():
            return
        on_it = -self.model.accounts[card.account_name]
        cents = max(1, min(minor(remaining(order)), on_it or 100) // part)

        def act():
            return redeem(order=order, card=card, amount=money(cents), desk=desk, uuid=key)

        if self.attempt(act):
            assert cents <= on_it
            taken = self.note_payments(order, desk)
            assert taken[-1].account.name == card.account_name

    # --- owing ----------------------------------------------------------------------------------

    @precondition(lambda self: any(map(self.model.owes, self.clients)))
    @rule(who=PICK, part=PART, kind=HOUSE)
    def settle_what_is_owed(self, who, part, kind):
        owing = [client for client in self.clients if self.model.owes(client)]
        client, desk, key = self.one(owing, who), self.desk, uuid.uuid4()
        order, cents = self.new_order(client, desk), self.model.owes(client) // part

        def act():
            return add_settlement(order=order, amount=money(cents), desk=desk, uuid=key)

        if self.attempt(act):
            self.pay_all(order, kind)
            before = self.model.stored(client)
            if self.close(order):
                assert self.model.stored(client) == before, "all of it pays what is owed"

    @precondition(lambda self: len(self.clients) > 1)
    @rule(which=PICK, certain=st.sampled_from([0, 0, 1]))
    def merge_two_clients(self, which, certain):
        if not certain:  # It ends so much that it should be rare.
            return
        gone, desk = self.one(self.clients, which), self.desk
        kept = self.one(self.clients, which + 1)
        gone.refresh_from_db()
        kept.refresh_from_db()
        free = free_credit([gone, kept], desk)
        seen = Proposal(Pair(gone, kept, desk)).stamp

        def act():
            return merge_clients(gone=gone, kept=kept, desk=desk, seen=seen)

        if self.attempt(act):
            self.clients.remove(gone)
            self.model.merged(gone, kept, free)

    # --- tills ----------------------------------------------------------------------------------

    @rule(till=PICK)
    def stand_at_a_till(self, till):
        self.desk = type(self.desk)(
            self.desk.staff, self.desk.location, self.one(self.tills, till), self.desk.at
        )

    @rule(amount=AMOUNT, comes=st.booleans(), safe=st.booleans())
    def move_cash(self, amount, comes, safe):
        desk, key, till = self.desk, uuid.uuid4(), self.desk.till
        form = {"till": till, "amount": dollars(amount), "desk": desk, "uuid": key}

        def act():
            if comes:
                return pay_in(reason="Change", from_safe=safe, **form)
            return pay_out(reason="Milk", to_safe=safe, **form)

        there = self.model.accounts[accounts.cash(till)]
        if self.attempt(act):
            assert comes or amount * 100 <= there
            by_hand = accounts.PAID_IN if comes else accounts.PAID_OUT
            other = accounts.safe(desk.location) if safe else by_hand
            self.model.move(accounts.cash(till), other, amount * 100 if comes else -amount * 100)

    @rule(over=st.sampled_from([0, 5, -5]), stays=AMOUNT, again=st.sampled_from([0, 0, 1]))
    def open_the_till_or_close_it(self, over, stays, again):
        session = TillSession.objects.filter(till=self.desk.till, closed_at__isnull=True).first()
        if session is None or again:
            self.open_the_till(stays)
        else:
            self.count_and_close(session, over, stays)

    def open_the_till(self, counted):
        desk, key, till = self.desk, uuid.uuid4(), self.desk.till

        def act():
            return open_till(till=till, counted=dollars(counted), desk=desk, uuid=key)

        if self.attempt(act):
            name = accounts.cash(till)
            more = counted * 100 - self.model.accounts[name]
            self.model.move(name, accounts.safe(desk.location), more)

    def count_and_close(self, session, over, stays):
        desk, name = self.desk, accounts.cash(self.desk.till)
        expected = self.model.accounts[name]
        counted = max(0, expected + over * 100)
        left_in = min(counted, stays * 100)

        def act():
            return close_till(
                session=session, counted=money(counted), left_in=money(left_in), desk=desk,
                shown=money(expected),
            )  # fmt: skip

        closed = self.attempt(act)
        assert closed is not None
        assert minor(closed.expected) == expected
        self.model.move(name, accounts.over_short(desk.till), counted - expected)
        self.model.move(accounts.safe(desk.location), name, counted - left_in)


class RolledBack(Desk, NothingStays):
    """Each run of the machine in a transaction of its own, which never commits."""

    def __init__(self):
        super().__init__()
        self.begin()


@pytest.mark.django_db
def test_the_ledger_agrees_with_the_model_whatever_the_desk_does():
    machines.run(RolledBack, examples=10, steps=30)
