"""All that can happen to tips, in any order, against sums in plain integers."""

import uuid

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, rule

from checkout.errors import Refused
from checkout.models import Order, TipPayout
from checkout.tills.figures import expected_in
from checkout.tip_payouts.owed import balances
from salon.models import StaffMember, TipsPaid
from salon.money import minor, money
from tests.checkout.helpers import books
from tests.checkout.tills.acts import closes, opens
from tests.checkout.tip_payouts.acts import owed, pays, refund_tip, tipped, undoes
from tests.factories import make_desk, make_staff
from tests.harness.machines import NothingStays, run

WHO = st.integers(0, 1)
CENTS = st.integers(1, 3000)


class Tips(NothingStays):
    """What each is owed, what is in the drawer, and which payments in cash are counted."""

    @initialize()
    def start(self):
        self.begin()
        self.desk = make_desk("Olivia")
        self.people: list[StaffMember] = [
            make_staff("Maya"),
            make_staff("Theo", merchant_account=None),
        ]
        self.owed = [0, 0]
        self.session = opens(self.desk, 100)
        self.drawer = 10000
        self.sales: list[tuple[Order, int, int]] = []
        self.payouts: list[tuple[TipPayout, int]] = []
        self.counted: set[int] = set()

    @rule(who=WHO, cents=CENTS)
    def earns(self, who, cents):
        order = tipped(self.desk, {self.people[who]: money(cents).amount}, kind="card")
        self.owed[who] += cents
        self.sales.append((order, who, cents))

    @rule(which=st.integers(0), cents=CENTS)
    def refunds(self, which, cents):
        if not self.sales:
            return
        order, who, left = self.sales.pop(which % len(self.sales))
        part = min(cents, left)
        refund_tip(order, self.people[who], money(part).amount, self.desk)
        self.owed[who] -= part
        if left > part:
            self.sales.append((order, who, left - part))

    @rule(who=WHO, cents=CENTS, how=st.sampled_from(TipsPaid.values), twice=st.booleans())
    def pays_one(self, who, cents, how, twice):
        allowed = cents <= self.owed[who] and (how != TipsPaid.CASH or cents <= self.drawer)
        act = uuid.uuid4()
        amounts = {self.people[who]: money(cents).amount}
        if not allowed:
            with pytest.raises(Refused):
                pays(self.desk, amounts, how, uuid=act)
            return
        for _ in range(1 + twice):
            (payout,) = pays(self.desk, amounts, how, uuid=act)
        self._paid(payout, who, cents)

    @rule(how=st.sampled_from(TipsPaid.values))
    def pays_all(self, how):
        people = zip(self.people, self.owed, strict=True)
        due = {person: money(cents).amount for person, cents in people if cents > 0}
        total = sum(cents for cents in self.owed if cents > 0)
        if not due or (how == TipsPaid.CASH and total > self.drawer):
            with pytest.raises(Refused):
                pays(self.desk, due, how)
            return
        for payout in pays(self.desk, due, how):
            who = self.people.index(payout.staff)
            self._paid(payout, who, minor(payout.amount))

    @rule(which=st.integers(0))
    def undoes(self, which):
        if not self.payouts:
            return
        payout, who = self.payouts[which % len(self.payouts)]
        if payout.pk in self.counted:
            with pytest.raises(Refused, match="counted since"):
                undoes(payout, self.desk)
            return
        undoes(payout, self.desk)
        self.payouts.remove((payout, who))
        self.owed[who] += minor(payout.amount)
        self.drawer += minor(payout.amount) if payout.how == TipsPaid.CASH else 0

    @rule()
    def counts(self):
        left = money(self.drawer).amount
        closed = closes(self.desk, self.session, left, left)
        assert not closed.over
        self.session = opens(self.desk, left)
        self.counted |= {each.pk for each, _ in self.payouts if each.how == TipsPaid.CASH}

    @invariant()
    def the_books_say_so(self):
        if not hasattr(self, "people"):
            return
        assert [owed(person) for person in self.people] == self.owed
        known = {person.pk: cents for person, cents in zip(self.people, self.owed, strict=True)}
        assert all(known[pk] == cents for pk, cents in balances().items())
        assert expected_in(self.desk.till) == self.drawer
        assert -books().get("tips", 0) == sum(self.owed)

    def _paid(self, payout, who, cents):
        self.payouts.append((payout, who))
        self.owed[who] -= cents
        self.drawer -= cents if payout.how == TipsPaid.CASH else 0


@pytest.mark.django_db
def test_tips_in_any_order():
    run(Tips, examples=5, steps=12, env="TIPS_EXAMPLES")
