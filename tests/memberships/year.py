"""A salon with members, each beside what a plain model (machine.py) says that they should have."""

import datetime as dt
import itertools
from collections import Counter

import time_machine
from django.db.models import Sum

from cards.models import Attempt, CardOnFile, CardRefund
from cards.on_file import make_default, remove_card
from ledger.models import Lot
from memberships.changing.cards import choose_card
from memberships.models import Membership, Period, Plan
from memberships.purposes import PERIOD
from memberships.renewing.renewing import renew_due
from salon.desk import Desk
from salon.money import money
from tests.checkout.helpers import order_with
from tests.factories import make_client, make_desk, make_tax_rate
from tests.harness.processor import DECLINED_LATER, PAYS, TestProcessor
from tests.ledger.books import nets
from tests.memberships.machine import ONE_DAY, OWED, Deal, House, Member, Row
from tests.memberships.members import (
    make_card,
    make_member,
    make_plan,
    noon,
    pay_and_close,
    set_memberships,
)
from tests.memberships.renewing import fresh

GOLD = Deal("Gold", 100_00, 120_00)
WEEKLY = Deal("Weekly", 20_00, 25_00, every="week", restricted=True)
YEARLY = Deal("Yearly", 600_00, 600_00, every="year", tax=8875)
FIRSTS = Deal("Firsts", 79_99, 91_37, billing_day=1)
TRIAL = Deal("Trial", 50_00, 40_00, trial=14, fee=25_00)
MORTAL = Deal("Mortal", 40_00, 60_00, stays=False)
DEAR = Deal("Dear", 150_01, 180_02)
DEALS = (GOLD, WEEKLY, YEARLY, FIRSTS, TRIAL, MORTAL)
ALL_DEALS = (*DEALS, DEAR)
NUMBERS = {"pays": PAYS, "declines": DECLINED_LATER}
START = dt.date(2027, 1, 31)
_names = itertools.count(1)


def make_real(deal: Deal) -> Plan:
    """The plan of this deal."""
    return make_plan(
        deal.name,
        money(deal.price).amount,
        money(deal.adds).amount,
        every=deal.every,
        buys="services" if deal.restricted else "any",
        billing_day=deal.billing_day,
        trial_days=deal.trial,
        joining_fee=money(deal.fee).amount,
        stays=deal.stays,
        tax_rate=make_tax_rate("8.875") if deal.tax else None,
    )


class Salon:
    """`pairs`: each member as they are, and as they should be. The clock is this salon's."""

    processor: TestProcessor

    def open(self, missed: str = "skip") -> None:
        """It is noon of the first day; until `close`."""
        self.travel = time_machine.travel(noon(START), tick=False)
        self.clock, self.today = self.travel.start(), START
        self.processor.server.reset()
        set_memberships(notice_days=0, missed=missed)
        self.plans = {deal: make_real(deal) for deal in ALL_DEALS}
        self.house = House(missed)
        self.pairs: list[tuple[Membership, Member]] = []

    def close(self) -> None:
        self.travel.stop()

    @property
    def desk(self) -> Desk:
        """Olivia at the desk, now."""
        return make_desk("Olivia")

    # --- Acts that the model follows ------------------------------------------------------------

    def join(self, deal: Deal) -> tuple[Membership, Member]:
        """Somebody new, with a card that pays."""
        client = make_client(f"Client Number{next(_names)}")
        card = make_card(client, self.processor, exp_year=2040)
        membership = make_member(client, self.plans[deal], card, desk=self.desk)
        self.pairs.append((membership, Member(self.house, deal, self.today)))
        return self.pairs[-1]

    def give_card(self, membership: Membership, member: Member, card: str) -> None:
        """Another card that pays or declines; with an empty word none is left."""
        client = membership.client
        if card:
            kept = make_card(client, self.processor, NUMBERS[card], exp_year=2040)
            make_default(card=kept, desk=self.desk)
            choose_card(membership=membership, card=fresh(kept), desk=self.desk)
        else:
            for kept in CardOnFile.objects.standing().filter(client=client):
                remove_card(card=kept, desk=self.desk)
        member.card = card

    def spend(self, membership: Membership, member: Member, cents: int) -> None:
        """A service, paid from the balance as far as that goes."""
        cents = min(cents, sum(lot.left for lot in member.lots))
        if cents:
            sale = order_with(self.desk, membership.client, service=money(cents).amount)
            pay_and_close(sale, self.desk, "credits")
            member.spend(cents)

    def period(self, membership: Membership, row: Row) -> Period:
        return Period.objects.get(membership=membership, number=row.number, step=row.step)

    # --- Days -------------------------------------------------------------------------------------

    def move(self, days: int) -> None:
        self.today += days * ONE_DAY
        self.clock.move_to(noon(self.today))

    def run(self) -> None:
        """The job, on either side."""
        done = renew_due()
        assert not done.troubles, done
        for _, member in self.pairs:
            member.run(self.today)

    def expected(self) -> list[dt.date]:
        """The next days on which the model has something to do."""
        days = [
            (it.next_on, it.until if it.status == "paused" else None, it.owed and it.owed.next_try)
            for _, it in self.pairs
        ]
        ends = [it.ends_on for _, it in self.pairs if it.status != "ended"]
        return [day for day in (*(day for each in days for day in each), *ends) if day]

    # --- Whether all is as it should be -----------------------------------------------------------

    def check(self) -> None:
        """Every figure of the model is in the rows, in the books, and at the processor."""
        for row, member in self.pairs:
            self.check_member(fresh(row), member)
        self.check_books()
        self.check_processor()

    def check_member(self, now: Membership, member: Member) -> None:
        """State, days, every period, the next try, and the balance by paid and bonus."""
        assert (now.status, now.next_charge_on, now.plan.name, now.ends_on) == (
            member.status, member.next_on, member.deal.name, member.ends_on,
        )  # fmt: skip
        there = Period.objects.filter(membership=now).order_by("number", "step")
        assert [
            (it.number, it.step, it.starts_on, it.until_on, it.status, it.price, it.adds)
            for it in there
        ] == [
            (it.number, it.step, it.start, it.until, it.status, money(it.price), money(it.adds))
            for it in sorted(member.rows, key=lambda it: (it.number, it.step))
        ]
        tries = [it.next_try_on for it in there if it.status in OWED]
        assert tries == ([member.owed.next_try] if member.owed else [])
        lots = Lot.objects.filter(account__client=now.client_id).values_list("is_paid")
        left = dict(lots.annotate(sum=Sum("remaining")))
        assert [left.get(is_paid) or 0 for is_paid in (True, False)] == [
            member.left(is_paid=True), member.left(is_paid=False),
        ]  # fmt: skip

    def check_books(self) -> None:
        """The house's accounts, to the cent."""
        now, house = nets(), self.house.books
        now["card"] = now.get("card", 0) + now.pop("fees", 0)
        for kind in ("card", "cash", "goodwill", "breakage", "income", "tax"):
            assert now.get(kind, 0) == house[kind], kind

    def check_processor(self) -> None:
        """Each charge that should be, and no other; nothing is under way."""
        books = self.processor.books()
        charged = Counter(it["amount"] for it in books["charges"] if it["paid"])
        assert charged == Counter(self.house.charges)
        assert Counter(it["amount"] for it in books["refunds"]) == Counter(self.house.refunds)
        assert not Attempt.objects.open().exists()

    def check_once(self) -> None:
        """One charge that paid and one sale for each period; nothing had to go back."""
        paid = Attempt.objects.filter(purpose=PERIOD, status="succeeded")
        references = list(paid.values_list("reference", flat=True))
        by_card = Period.objects.filter(status="paid", order__tenders__kind="charge")
        assert sorted(references) == sorted(str(it.uuid) for it in by_card)
        assert not CardRefund.objects.filter(purpose=PERIOD).exists()
