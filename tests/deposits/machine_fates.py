"""A deposit's life in any order, against a model of five piles that only adds and subtracts.

Every cent that a card paid as a deposit is held, applied, kept, refunded or forfeited, exactly
once. After every act the books, the visits and the clients' balances have to show the same; what
was refused has to leave every pile as it was.
"""

import datetime as dt
import uuid
from collections import Counter

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from appointments import errors
from appointments.canceling import cancel, mark_late, mark_no_show, restore
from appointments.giving import give_to
from appointments.models import Appointment
from appointments.moving import move
from checkout.closing import close_order
from checkout.errors import Refused as SaleRefused
from checkout.lines import add_custom
from checkout.models import Order
from checkout.opening import open_for_visit, open_order
from checkout.refundable import Refundable
from checkout.refunding import refund_lines
from deposits.fates.checks import Wish
from deposits.fates.consequences import consequence_of
from deposits.fates.deciding import Answer, answers_for, decide
from deposits.fates.held import held_for, held_for_visits
from deposits.fates.undoing import undo
from deposits.models import BookingSettings, Fate, Fee
from ledger.balances import balances_of
from salon import clock
from salon.money import minor, money, split
from tests.checkout.helpers import books, pay, remaining
from tests.deposits.money import in_days, take_deposit
from tests.factories import dollars, make_appointment, make_client, make_desk, make_service

PICK = st.integers(min_value=0, max_value=50)
AMOUNT = st.integers(min_value=1, max_value=120)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=3), min_size=4, max_size=4)
KINDS = ["kept", "refunded", "forfeited", "moved"]
REFUSALS = (errors.Refused, SaleRefused)


class FatesMachine(RuleBasedStateMachine):
    """`piles`: cents that are held (by visit), applied, kept, spent, refunded, forfeited."""

    @initialize()
    def open_the_salon(self):
        self.desk = make_desk("Olivia")
        names = ("Clara Nuñez", "Ben Okafor")
        self.clients = [make_client(name) for name in names]
        self.visits: list[Appointment] = []
        self.taken = 0
        self.held: Counter[int] = Counter()
        self.piles: Counter[str] = Counter()
        for number in (0, 0, 1):
            self.book(number, 60 + 20 * number)
        for number, amount in enumerate((30, 90, 50)):
            self.take(number, amount)

    def one(self, rows, number):
        return rows[number % len(rows)]

    def visit(self, number):
        return Appointment.objects.select_related("client", "location").get(
            pk=self.one(self.visits, number).pk
        )

    def attempt(self, act):
        """Its answer; None where it was refused, and then nothing of it stands."""
        try:
            with transaction.atomic():
                return act()
        except REFUSALS:
            return None

    # --- Taking --------------------------------------------------------------------------------

    @precondition(lambda self: len(self.visits) < 20)
    @rule(who=PICK, price=AMOUNT)
    def book(self, who, price):
        """Each at an hour of its own, so that none is in the way when another moves by days."""
        self.visits.append(
            make_appointment(
                self.one(self.clients, who),
                service=make_service(f"Service at {price}", price),
                starts_at=in_days(40, hours=len(self.visits)),
            )
        )

    @rule(which=PICK, amount=AMOUNT)
    def take(self, which, amount):
        visit = self.visit(which)
        if self.attempt(lambda: take_deposit(visit, amount, self.desk)):
            self.taken += amount * 100
            self.held[visit.pk] += amount * 100

    # --- The owner's policy --------------------------------------------------------------------

    @rule(
        fee=st.sampled_from([0, 0, 15, 70]),
        late=st.sampled_from(["forfeited", "kept"]),
        on_time=st.sampled_from(["kept", "refunded"]),
        most=st.sampled_from([None, 0, 1]),
    )
    def set_the_policy(self, fee, late, on_time, most):
        kind = "amount" if fee else "none"
        BookingSettings.objects.update(
            late_fee_kind=kind,
            no_show_fee_kind=kind,
            late_fee_amount=dollars(fee),
            no_show_fee_amount=dollars(fee),
            late_fate=late,
            on_time_fate=on_time,
            most_moves=most,
        )

    # --- Deciding ------------------------------------------------------------------------------

    @rule(which=PICK, how=st.sampled_from(["canceled", "late", "no_show"]), hours=PICK)
    def end_as_the_policy_says(self, which, how, hours):
        visit = self.visit(which)
        at = visit.starts_at if how == "late" and hours % 2 else clock.now()
        desk = make_desk("Olivia", at=at)
        policy = consequence_of(visit, occasion=how, at=at)
        act = {"canceled": cancel, "late": mark_late, "no_show": mark_no_show}[how]
        was_open = visit.is_open
        answers = answers_for(policy, uuid.uuid4())
        done = self.attempt(lambda: act(appointment=visit, reason="", desk=desk, answers=answers))
        if done and was_open:
            for kind, amount in policy.parts:
                self.part(visit, kind, minor(amount))

    @rule(which=PICK, to=PICK, weights=WEIGHTS, off=st.sampled_from([0, 0, 0, 0, 1, -1]))
    def decide_by_hand(self, which, to, weights, off):
        """In parts; now and then a cent too much or too little, which has to be refused."""
        visit = self.visit(which)
        target = self.target(visit, to)
        parts = self.parted(visit, weights)
        wishes = [
            Wish(kind, money(cents), target if kind == "moved" else None)
            for kind, cents in parts.items()
        ]
        if wishes and off:
            wishes[0] = Wish(wishes[0].kind, wishes[0].amount + money(off), wishes[0].to)
        done = self.attempt(
            lambda: decide(
                visit=visit, answer=Answer("by_hand", wishes, uuid.uuid4()), desk=self.desk
            )
        )
        assert not (done and off)
        if done:
            for kind, cents in parts.items():
                self.part(visit, kind, cents, target)

    @rule(which=PICK, to=PICK, weights=WEIGHTS, how=st.sampled_from([cancel, mark_no_show]))
    def cancel_with_a_split(self, which, to, weights, how):
        visit = self.visit(which)
        target = self.target(visit, to)
        parts = self.parted(visit, weights)
        occasion = "no_show" if how is mark_no_show else "canceled"
        answers = dict(
            answers_for(consequence_of(visit, occasion=occasion, at=clock.now()), uuid.uuid4())
        )
        answers = {name: value for name, value in answers.items() if name[5:] not in KINDS}
        answers |= {f"fate-{kind}": f"{money(cents).amount}" for kind, cents in parts.items()}
        answers |= {"fate-how": "split", "fate-to": str(target.uuid)}
        was_open = visit.is_open
        done = self.attempt(
            lambda: how(appointment=visit, reason="", desk=self.desk, answers=answers)
        )
        if done and was_open:
            for kind, cents in parts.items():
                self.part(visit, kind, cents, target)

    @precondition(lambda self: Fate.objects.filter(undone_at=None).exists())
    @rule(which=PICK)
    def undo(self, which):
        fates = Fate.objects.select_related("decision").filter(undone_at=None).order_by("pk")
        fate = self.one(list(fates), which)
        visit, cents = fate.decision.appointment, minor(fate.amount)
        if not self.attempt(lambda: undo(fate=fate, desk=self.desk)):
            return
        assert fate.kind != "refunded"
        if fate.kind == "moved":
            self.held[fate.to_appointment_id] -= cents
        else:
            self.piles[fate.kind] -= cents
        self.held[visit.pk] += cents

    def target(self, visit, number):
        """Another open visit of the same client, or, now and then, just any."""
        others = Appointment.objects.filter(
            client=visit.client, status="booked", pk__in=[one.pk for one in self.visits]
        ).exclude(pk=visit.pk)
        if others and number % 5:
            return self.one(list(others.select_related("client", "location")), number)
        return self.visit(number)

    def parted(self, visit, weights):
        """What is held in four parts, without those of nothing."""
        cents = self.held[visit.pk]
        parts = split(cents, weights) if cents else []
        return {kind: part for kind, part in zip(KINDS, parts, strict=False) if part}

    def part(self, visit, kind, cents, target=None):
        self.held[visit.pk] -= cents
        if kind == "moved":
            self.held[target.pk] += cents
        else:
            self.piles[kind] += cents

    # --- The visit -----------------------------------------------------------------------------

    @rule(which=PICK, days=st.integers(min_value=1, max_value=9), carry=st.booleans())
    def move(self, which, days, carry):
        visit = self.visit(which)
        answers = {
            "fate-uuid": str(uuid.uuid4()), "fate-held": str(held_for(visit).amount.amount),
            "fate-how": "carry", "fate-reason": "Storm",
        }  # fmt: skip
        starts_at = visit.starts_at + dt.timedelta(days=days)
        self.attempt(
            lambda: move(
                appointment=visit,
                starts_at=starts_at,
                desk=self.desk,
                answers=answers if carry else {},
            )
        )

    @rule(which=PICK, to=PICK)
    def give_away(self, which, to):
        visit, client = self.visit(which), self.one(self.clients, to)
        policy = consequence_of(visit, occasion="client", at=clock.now())
        answers = answers_for(policy, uuid.uuid4())
        self.attempt(
            lambda: give_to(appointment=visit, client=client, desk=self.desk, answers=answers)
        )

    @rule(which=PICK)
    def put_back(self, which):
        visit = self.visit(which)
        self.attempt(lambda: restore(appointment=visit, desk=self.desk))

    @rule(which=PICK, back=st.sampled_from(["balance", "card"]))
    def check_out(self, which, back):
        """What is held pays first, cash the rest; what is left goes where it is asked to."""
        visit = self.visit(which)
        mine = self.held[visit.pk]

        def act():
            order = open_for_visit(appointment=visit, desk=self.desk)
            price = minor(remaining(order))
            if price > mine:
                pay(order, "cash", money(price - mine), self.desk)
            elif order.lines.exists() and not mine and price:
                pay(order, "cash", money(price), self.desk)
            close_order(order=Order.objects.get(pk=order.pk), desk=self.desk, left_over=back)
            return price

        price = self.attempt(act)
        if price is None:
            return
        used = min(mine, price)
        self.held[visit.pk] -= mine
        self.piles["applied"] += used
        self.piles["refunded" if back == "card" else "kept"] += mine - used

    # --- What is kept ----------------------------------------------------------------------------

    @precondition(lambda self: self.piles["kept"])
    @rule(who=PICK, amount=st.integers(min_value=1, max_value=20))
    def spend(self, who, amount):
        client, desk = self.one(self.clients, who), self.desk

        def act():
            order = open_order(desk=desk, client=client)
            add_custom(order=order, description="Extra", amount=dollars(amount), desk=desk)
            pay(order, "credits", amount, desk)
            return close_order(order=order, desk=desk)

        if self.attempt(act):
            self.piles["kept"] -= amount * 100
            self.piles["spent"] += amount * 100

    @rule(which=PICK)
    def refund_its_sale(self, which):
        """The sale that sold a deposit gives back what is left of it, wherever that stands."""
        sales = Order.objects.filter(lines__kind="deposit", status="closed").order_by("pk")
        if not sales:
            return
        sale = self.one(list(sales), which)
        line = sale.lines.get()
        left = Refundable(sale).of_line(line)
        before = self.standing()

        def act():
            return refund_lines(
                order=sale, amounts={line: left}, destinations={}, desk=self.desk,
                uuid=uuid.uuid4(),
            )  # fmt: skip

        if left and self.attempt(act):
            self.piles["refunded"] += minor(left)
            after = self.standing()
            for pile, cents in before.items():
                gone = cents - after[pile]
                if pile == "kept":
                    self.piles["kept"] -= gone
                else:
                    self.held[pile] -= gone

    def standing(self):
        """What the books say is held, by visit, and kept."""
        held = held_for_visits(self.visits)
        found = {visit.pk: minor(held.get(visit.pk, money(0))) for visit in self.visits}
        balances = balances_of(self.clients, self.desk.business_date)
        found["kept"] = sum(minor(balance.available) for balance in balances.values())
        return found

    # --- What has to hold --------------------------------------------------------------------

    @invariant()
    def every_cent_is_in_one_pile(self):
        assert self.taken == sum(self.held.values()) + sum(self.piles.values())
        assert min([*self.held.values(), *self.piles.values(), 0]) == 0

    @invariant()
    def the_books_say_the_same(self):
        standing = self.standing()
        assert standing.pop("kept") == self.piles["kept"]
        assert standing == {visit.pk: self.held[visit.pk] for visit in self.visits}
        found = books()
        assert found.get("card", 0) == self.taken - self.piles["refunded"]
        assert -found.get("forfeited", 0) == self.piles["forfeited"]
        assert -found.get("client_credit", 0) == sum(self.held.values()) + self.piles["kept"]

    @invariant()
    def cards_can_take_back_all_that_is_held(self):
        for visit in self.visits:
            if self.held[visit.pk]:
                assert minor(held_for(visit).to_card) == self.held[visit.pk]

    @invariant()
    def at_most_one_fee_stands_for_a_visit(self):
        standing = Fee.objects.exclude(status="waived").values_list("appointment", flat=True)
        assert len(standing) == len(set(standing))
