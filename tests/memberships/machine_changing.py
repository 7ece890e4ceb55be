"""One membership, and whatever people do to it, in any order, on any day; the job runs or does not.

Whatever happens, its quotes come true, its schedule stays sane, and the client's balance is what
its periods added, less what was spent and what was lost.
"""

import datetime as dt
import itertools

from djmoney.money import Money
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from ledger.models import Lot
from memberships.changing import quotes
from memberships.changing.canceling import cancel, keep
from memberships.changing.pausing import pause, resume
from memberships.changing.plans import change_next, take_back_change
from memberships.changing.quotes import Quote
from memberships.errors import Refused
from memberships.models import Membership, Period
from memberships.renewing.settling import let_go
from salon.money import money
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import has
from tests.factories import make_desk
from tests.harness.machines import NothingStays
from tests.harness.processor import DECLINED_LATER, PAYS, TestProcessor
from tests.memberships.changing import spend, upgraded
from tests.memberships.members import make_plan
from tests.memberships.renewing import (
    another_card,
    day,
    each_period_is_charged_once,
    fresh,
    make_payer,
    on,
    renewed,
)

Of = Membership.Status
PLANS = {
    "Silver": (80, 90, {"stays": False}),
    "Platinum": (150, 190, {}),
    "Weekly": (25, 30, {"every": "week"}),
    "Season": (270, 330, {"every": "quarter", "stays": False}),
}


class Changing(NothingStays):
    """Subclass it with a processor."""

    processor: TestProcessor

    @initialize(
        start=st.sampled_from(["2027-01-15", "2027-01-31", "2027-12-30", "2028-02-29"]),
        billing_day=st.sampled_from([None, 1, 31]),
        trial=st.sampled_from([0, 0, 10]),
        least=st.sampled_from([0, 2]),
    )
    def enrol(self, start: str, billing_day: int | None, trial: int, least: int) -> None:
        self.begin(calls_out=True)
        self.processor.server.reset()
        terms = {"billing_day": billing_day, "trial_days": trial, "minimum_periods": least}
        self.today, self.spent, self.lost = day(start), money(0), money(0)
        self.ran_on: dt.date | None = None
        plan = make_plan(**terms)
        self.plans = [plan, *(make_plan(n, p, a, **more) for n, (p, a, more) in PLANS.items())]
        self.pk = make_payer(self.processor, plan, start=self.today).pk

    def everything_ends_right(self) -> None:
        super().everything_ends_right()
        each_period_is_charged_once()

    # --- Time -------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 40), runs=st.booleans())
    def days_pass(self, days: int, runs: bool) -> None:
        self.today += dt.timedelta(days=days)
        if runs:
            self.the_job_runs()

    @rule()
    def the_job_runs(self) -> None:
        row, was = self.row, self.balance
        is_ending = row.ends_on is not None and row.ends_on <= self.today
        with on(self.today):
            lost = quotes.cancel_quote(row, at_once=True, on=self.today).lost
        done = renewed(self.today)
        assert done.troubles == 0
        if is_ending and done.ended:
            assert was - self.balance == lost
            self.lost += lost
        self.ran_on = self.today

    # --- Acts -------------------------------------------------------------------------------------

    @rule(which=st.integers(0, 4))
    def dearer_now(self, which: int) -> None:
        plan = self.plans[which]
        with on(self.today):
            self.does(
                quotes.plan_quote(self.row, plan, at_once=True, on=self.today),
                lambda: upgraded(self.row, plan),
            )

    @rule(which=st.integers(0, 4))
    def another_later(self, which: int) -> None:
        plan = self.plans[which]
        with on(self.today):
            self.does(
                quotes.plan_quote(self.row, plan, at_once=False, on=self.today),
                lambda: change_next(membership=self.row, plan=plan, desk=make_desk("Olivia")),
            )

    @rule()
    def stay(self) -> None:
        with on(self.today):
            self.does(
                quotes.take_back_quote(self.row),
                lambda: take_back_change(membership=self.row, desk=make_desk("Olivia")),
            )

    @rule(days=st.sampled_from([0, 5, 20, 45, 90]))
    def pause_it(self, days: int) -> None:
        until = self.today + dt.timedelta(days=days) if days else None
        with on(self.today):
            desk = make_desk("Olivia")
            self.does(
                quotes.pause_quote(self.row, until, self.today),
                lambda: pause(membership=self.row, until=until, reason="", desk=desk),
            )

    @rule()
    def resume_it(self) -> None:
        with on(self.today):
            self.does(
                quotes.resume_quote(self.row, self.today),
                lambda: resume(membership=self.row, desk=make_desk("Olivia")),
            )

    @rule(at_once=st.sampled_from([False, False, False, True]))
    def cancel_it(self, at_once: bool) -> None:
        with on(self.today):
            desk = make_desk("Olivia")
            self.does(
                quotes.cancel_quote(self.row, at_once=at_once, on=self.today),
                lambda: cancel(membership=self.row, at_once=at_once, reason="", desk=desk),
            )

    @rule()
    def keep_it(self) -> None:
        with on(self.today):
            self.does(
                quotes.keep_quote(self.row, self.today),
                lambda: keep(membership=self.row, desk=make_desk("Olivia")),
            )

    @rule(number=st.sampled_from([PAYS, PAYS, DECLINED_LATER]))
    def another_card_is_chosen(self, number: str) -> None:
        if self.row.is_standing:
            with on(self.today):
                another_card(self.processor, self.row, number)

    @rule()
    def let_it_go(self) -> None:
        if owed := self.row.periods.owed().first():
            with on(self.today):
                let_go(period=owed, reason="a gesture", desk=make_desk("Olivia"))

    @rule(part=st.sampled_from([1, 2, 5]))
    def spend_some(self, part: int) -> None:
        with on(self.today):
            dollars = int(self.balance.amount) // part
            if dollars:
                spend(self.row, dollars)
                self.spent += money(dollars * 100)

    # --- What holds -------------------------------------------------------------------------------

    @invariant()
    def the_schedule_is_sane(self) -> None:
        row = self.row
        rows = list(Period.objects.filter(membership=row, step=0).order_by("number"))
        assert [it.number for it in rows] == list(range(len(rows)))
        assert row.next_number == len(rows)
        for one, later in itertools.pairwise(rows):
            assert one.until_on <= later.starts_on
        if row.next_charge_on:
            assert row.status in (Of.ACTIVE, Of.PAST_DUE, Of.UNPAID)
            assert not rows or rows[-1].until_on <= row.next_charge_on
        if row.status == Of.ACTIVE and self.ran_on == self.today and row.next_charge_on:
            assert row.next_charge_on > self.today
        if row.status == Of.ACTIVE and row.ends_on is None:
            assert row.next_charge_on is not None
        assert row.owes_a_period == row.periods.owed().exists()
        assert (row.status == Of.PAUSED) == row.pauses.filter(resumed_on=None).exists()

    @invariant()
    def no_cent_is_lost(self) -> None:
        paid = Period.objects.filter(membership=self.pk, status=Period.Status.PAID)
        added = sum((it.adds for it in paid), money(0))
        assert self.balance == added - self.spent - self.lost
        assert not Lot.objects.filter(remaining__lt=0).exists()

    # --- How --------------------------------------------------------------------------------------

    @property
    def row(self) -> Membership:
        return Membership.objects.select_related("client", "location", "plan").get(pk=self.pk)

    @property
    def balance(self) -> Money:
        with on(self.today):
            return has(self.row.client, make_desk("Olivia")).available

    def does(self, quote: Quote, act) -> None:
        """What the quote says is what happens; where it says why not, nothing does."""
        was, cents = self.balance, sum(charged(self.processor))
        if quote.why_not:
            before = fresh(self.row).__dict__ | {"_state": None}
            try:
                act()
            except Refused as refused:
                assert refused.message == f"{quote.why_not} Nothing was changed."
            else:
                raise AssertionError(f"it was not refused: {quote.why_not}")
            assert before == fresh(self.row).__dict__ | {"_state": None}
            return
        act()
        lost = quote.lost if self.row.ended_on else money(0)
        self.lost += lost
        paid = money(sum(charged(self.processor)) - cents)
        assert paid in (quote.due_now, money(0))
        assert self.balance - was == (quote.adds_now if paid else money(0)) - lost
