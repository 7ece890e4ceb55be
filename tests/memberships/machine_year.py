"""A year in any order: days, the job, cards, the desk, deaths and lost answers, as a state machine.

After each step the salon (year.py) is compared with the plain model (machine.py).
"""

import uuid

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from checkout.models import Order
from checkout.refunding import refund_lines
from checkout.voiding import void_order
from memberships.changing import canceling, pausing, plans
from memberships.errors import Refused
from memberships.models import Membership, Period
from memberships.renewing.at_desk import take_at_desk
from memberships.renewing.charging import retry
from memberships.renewing.missed import charge_missed, skip_missed
from memberships.renewing.renewing import renew_due
from memberships.renewing.settling import let_go
from salon.money import money
from tests.cards.killing import killed_after
from tests.cards.paying import assert_books_agree, settle_everything, sweep
from tests.harness.machines import NothingStays
from tests.memberships.changing import upgraded
from tests.memberships.machine import ONE_DAY, OWED, Member, Row
from tests.memberships.members import pay_and_close
from tests.memberships.renewing import fresh
from tests.memberships.year import ALL_DEALS, DEALS, DEAR, Salon

CONFIRM = "/v1/payment_intents/*/confirm"
HEARD = 3
"""The step of a charge at which the card has been asked."""
PICK = st.integers(0, 10**6)
STANDING = ("active", "past_due", "unpaid", "paused")


def somebody(*states: str):
    """Only while somebody is in one of these states."""
    return precondition(lambda self: any(it.status in states for _, it in self.pairs))


class Year(Salon, NothingStays):
    """Up to four members who enrol when they like."""

    @initialize(missed=st.sampled_from(["skip", "one", "ask"]), pick=PICK)
    def open_the_shop(self, missed: str, pick: int) -> None:
        self.begin(calls_out=True)
        self.open(missed)
        self.enrol(pick)

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            if hasattr(self, "travel"):
                self.close()

    def everything_ends_right(self) -> None:
        settle_everything()
        assert not Period.objects.filter(status="charging").exists()
        self.check_once()
        assert_books_agree(self.processor)

    @invariant()
    def all_is_as_it_should_be(self) -> None:
        if hasattr(self, "frame"):
            self.check()

    def one(self, pick: int, *states: str) -> tuple[Membership, Member] | None:
        """A member in one of these states, as they are now; None where nobody is."""
        found = [pair for pair in self.pairs if pair[1].status in states]
        if not found:
            return None
        row, member = found[pick % len(found)]
        return fresh(row), member

    def rows(self) -> list[Row]:
        return [row for _, member in self.pairs for row in member.rows]

    def missed(self) -> list[tuple[Membership, Member, Row]]:
        """Periods that the desk is asked about."""
        return [
            (membership, member, row)
            for membership, member in self.pairs
            for row in member.rows
            if row.status == "asked"
        ]

    # --- Members ----------------------------------------------------------------------------------

    @precondition(lambda self: sum(it.status != "ended" for _, it in self.pairs) < 3)
    @rule(pick=PICK)
    def enrol(self, pick: int) -> None:
        self.join(DEALS[pick % len(DEALS)])

    @rule(pick=PICK, card=st.sampled_from(["declines", "declines", ""]))
    def a_card_fails(self, pick: int, card: str) -> None:
        if pair := self.one(pick, "active"):
            self.give_card(*pair, card)

    @rule(pick=PICK, card=st.sampled_from(["pays", "pays", "declines", ""]))
    def another_card(self, pick: int, card: str) -> None:
        if pair := self.one(pick, *OWED) or self.one(pick, *STANDING):
            self.give_card(*pair, card)

    @rule(pick=PICK, which=PICK)
    def change_next(self, pick: int, which: int) -> None:
        pair = self.one(pick, *STANDING)
        if pair is None or pair[1].ends_on:
            return
        membership, member = pair
        deals = [deal for deal in ALL_DEALS if deal not in (member.deal, member.next_deal)]
        member.next_deal = deals[which % len(deals)]
        plans.change_next(membership=membership, plan=self.plans[member.next_deal], desk=self.desk)

    @somebody("active")
    @rule(pick=PICK)
    def change_now(self, pick: int) -> None:
        pair = self.one(pick, "active")
        if pair is None:
            return
        membership, member = pair
        before = len(self.house.charges)
        if member.change_now(DEAR, self.today):
            period = upgraded(membership, self.plans[DEAR], self.desk)
            assert (period.status == "paid") == (len(self.house.charges) > before)
        else:
            with pytest.raises(Refused):
                upgraded(membership, self.plans[DEAR], self.desk)

    # --- The desk ---------------------------------------------------------------------------------

    @somebody(*OWED)
    @rule(pick=PICK, dies=st.sampled_from([0, 2, HEARD, 99, 99, 99]))
    def retry(self, pick: int, dies: int) -> None:
        pair = self.one(pick, *OWED)
        if pair is None or not pair[1].owed or not pair[1].card or pair[1].owed.at_desk:
            return
        membership, member = pair
        with killed_after(dies):
            retry(period=self.period(membership, member.owed), desk=self.desk)
        settle_everything()
        member.retry(self.today, cut_off=dies < HEARD)

    @somebody(*OWED)
    @rule(pick=PICK, how=st.sampled_from(["cash", "open", "let go"]))
    def settle_at_the_desk(self, pick: int, how: str) -> None:
        pair = self.one(pick, *OWED)
        if pair is None or pair[1].owed.at_desk:
            return
        membership, member = pair
        period = self.period(membership, member.owed)
        if how == "let go":
            let_go(period=period, reason="Was ill", desk=self.desk)
            member.let_go(self.today)
            return
        order = take_at_desk(period=period, desk=self.desk)
        member.owed.at_desk = True
        if how == "cash":
            pay_and_close(order, self.desk)
            member.take(member.owed, self.today)

    @precondition(lambda self: any(row.at_desk for row in self.rows()))
    @rule(paid=st.booleans())
    def end_the_sale(self, paid: bool) -> None:
        order = Order.objects.filter(status="open").order_by("pk")[0]
        period = Period.objects.get(order=order)
        member = next(it for row, it in self.pairs if row.pk == period.membership_id)
        if paid:
            pay_and_close(order, self.desk)
            member.take(member.owed, self.today)
        else:
            void_order(order=order, reason="Went away", desk=self.desk)
            member.owed.at_desk = False

    @precondition(lambda self: self.missed())
    @rule(which=PICK, how=st.sampled_from(["card", "cash", "skip"]))
    def decide_on_a_missed_one(self, which: int, how: str) -> None:
        missed = self.missed()
        membership, member, row = missed[which % len(missed)]
        period = self.period(membership, row)
        if how == "card" and member.card and member.status == "active":
            charge_missed(period=period, desk=self.desk)
            member.charge_missed(row, self.today)
        elif how == "cash":
            pay_and_close(take_at_desk(period=period, desk=self.desk), self.desk)
            member.take(row, self.today)
        elif how == "skip":
            skip_missed(period=period, desk=self.desk)
            row.status = "skipped"

    @somebody("active")
    @rule(pick=PICK, days=st.sampled_from([0, 0, 20, 45]))
    def pause(self, pick: int, days: int) -> None:
        pair = self.one(pick, "active")
        if pair is None or pair[1].ends_on:
            return
        membership, member = pair
        until = member.next_on + days * ONE_DAY if days else None
        pausing.pause(membership=membership, until=until, reason="", desk=self.desk)
        member.pause(until)

    @somebody("paused")
    @rule(pick=PICK)
    def resume(self, pick: int) -> None:
        pair = self.one(pick, "paused")
        if pair is None or pair[1].ends_on:
            return
        pausing.resume(membership=pair[0], desk=self.desk)
        pair[1].resume(self.today)

    @rule(pick=PICK, at_once=st.sampled_from([False, False, False, True]))
    def cancel(self, pick: int, at_once: bool) -> None:
        pair = self.one(pick, *STANDING)
        if pair is None or (pair[1].ends_on and not at_once):
            return
        membership, member = pair
        if any(row.at_desk for row in member.rows):
            return
        canceling.cancel(membership=membership, at_once=at_once, reason="", desk=self.desk)
        member.cancel(self.today, at_once=at_once)

    @precondition(lambda self: any(it.ends_on for _, it in self.pairs))
    @rule(pick=PICK)
    def keep(self, pick: int) -> None:
        pair = self.one(pick, "active", "paused")
        if pair is not None and pair[1].ends_on:
            canceling.keep(membership=pair[0], desk=self.desk)
            pair[1].keep()

    @rule(pick=PICK, cents=st.integers(1, 200_00))
    def buy(self, pick: int, cents: int) -> None:
        if pair := self.one(pick, *STANDING, "ended"):
            self.spend(*pair, cents)

    @rule(pick=PICK, which=PICK, share=st.sampled_from([1, 3, 100, 100]))
    def refund(self, pick: int, which: int, share: int) -> None:
        pair = self.one(pick, *STANDING, "ended")
        if pair is None:
            return
        membership, member = pair
        rows = [
            row for row in member.rows if row.lots and not row.deal.tax and member.refundable(row)
        ]
        if not rows:
            return
        row = rows[which % len(rows)]
        cents = max(1, member.refundable(row) * share // 100)
        line = self.period(membership, row).line
        refund_lines(
            order=line.order,
            amounts={line: money(cents)},
            destinations={},
            desk=self.desk,
            uuid=uuid.uuid4(),
        )
        sweep()
        member.refund(row, cents)

    # --- Days -------------------------------------------------------------------------------------

    @rule(days=st.sampled_from([31, 7, 12, 3, 1]))
    def days_pass(self, days: int) -> None:
        """The job runs on each; those on which nothing is expected are left out, but the last."""
        for left in reversed(range(days)):
            self.move(1)
            if left == 0 or any(day <= self.today for day in self.expected()):
                self.run()

    @rule(days=st.sampled_from([70, 31, 7, 3]), times=st.integers(1, 2))
    def the_job_comes_late(self, days: int, times: int) -> None:
        self.move(days)
        for _ in range(times):
            self.run()

    @rule(late=st.sampled_from([0, 0, 31]), dies=st.integers(0, HEARD))
    def it_dies_while_it_charges(self, late: int, dies: int) -> None:
        self.move_to_the_next_charge(late)
        with killed_after(dies):
            renew_due()
        self.comes_back(was_heard=dies >= HEARD)

    @rule(late=st.sampled_from([0, 31]), how=st.sampled_from(["close", "lost", "done_500"]))
    def an_answer_is_lost(self, late: int, how: str) -> None:
        self.move_to_the_next_charge(late)
        self.processor.fault(CONFIRM, how)
        renew_due()
        self.processor.control("clear_faults")
        self.comes_back(was_heard=how != "close")

    def move_to_the_next_charge(self, late: int) -> None:
        """So many days too late. Tomorrow, where none is ahead."""
        ahead = [day for day in self.expected() if day > self.today]
        self.move((min(ahead) - self.today).days + late if ahead else 1)

    def comes_back(self, *, was_heard: bool) -> None:
        """The sweep finds out how the card was asked that was being asked; then the job runs."""
        hit = set(Period.objects.filter(status="charging").values_list("membership_id", flat=True))
        assert len(hit) <= 1
        for row, member in self.pairs:
            if row.pk in hit:
                member.run(self.today, cut_off=not was_heard)
        settle_everything()
        self.run()
