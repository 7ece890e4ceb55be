"""What happened to Clara, Ben and Ines: by hand, so that the docs can tell it.

Clara's $115.00 come from four sources:

    $30.00   left of the $100.00 that she bought; $70.00 of it paid for a cut
    $20.00   back for a bottle that was not hers
    $50.00   from Ines, as a present
    $15.00   for her birthday, from the salon

Besides, $30.00 are held for her visit of today: the deposit that she paid for it. Ben owes $12.00
of his last visit. Ines has a gift of $15.00 for services that ends in five days.
"""

import datetime as dt
from dataclasses import dataclass

from appointments.segments import Wanted
from checkout.adding_deposits import add_deposit
from checkout.closing import close_order
from checkout.lines import add_account_credits, add_product
from checkout.models import Order
from checkout.opening import open_for_visit, open_order
from checkout.refunding import refund_lines
from checkout.tender_kinds import BALANCE, CASH, CREDITS
from clients.models import Client
from demo.book import Visit, moment
from demo.catalog import Catalog
from demo.counter import Counter
from demo.diary import Diary
from demo.goodwill import Goodwill
from demo.paying import Payment, by_card
from demo.places import Shop
from ledger.kinds import AdjustReason, Restriction
from salon.models import StaffMember
from salon.money import minor, money

CUT, TREATMENT, MENS_CUT = "Cut & finish", "Olaplex treatment", "Men’s cut"


@dataclass(frozen=True)
class Stories:
    """All of it happens in one shop; `today` is its business date."""

    shop: Shop
    catalog: Catalog
    counter: Counter
    goodwill: Goodwill
    diary: Diary
    cast: dict[str, Client]
    staff: dict[str, StaffMember]
    today: dt.date

    def visits(self) -> dict[str, Visit]:
        """Their visits by name, past and coming. Nothing is written."""
        return {
            "clara first": self._visit("Clara", "Maya", 75, 15, CUT),
            "clara second": self._visit("Clara", "Maya", 47, 15, CUT),
            "clara today": self._visit("Clara", "Maya", 0, 15, CUT, TREATMENT),
            "clara next": self._visit("Clara", "Maya", -6, 11, "Gloss"),
            "ben first": self._visit("Ben", "Theo", 58, 11, MENS_CUT),
            "ben second": self._visit("Ben", "Theo", 29, 11, MENS_CUT),
            "ben today": self._visit("Ben", "Theo", 0, 16, MENS_CUT),
            "ines first": self._visit("Ines", "Maya", 33, 12, "Blowout"),
            "ines next": self._visit("Ines", "Maya", -1, 12, "Blowout"),
        }

    def tell(self, visits: dict[str, Visit]) -> None:
        """Note everything that has happened to them in the diary."""
        for name, act in {
            "clara first": self.clara_buys_credit,
            "clara second": self.clara_pays_with_it,
            "ben first": self.pays_by_card,
            "ben second": self.ben_owes_the_rest,
            "ines first": self.ines_pays_for_clara,
        }.items():
            visit = visits[name]
            self.diary.note(visit.ends_at + dt.timedelta(minutes=4), act, visit)
        self.diary.note(self._moment(19, 13), self.clara_buys_a_bottle)
        self.diary.note(self._moment(4, 12), self.clara_pays_a_deposit, visits["clara today"])
        birthday = (self.shop, self.cast["Clara"], 1500, AdjustReason.GIFT, "Happy birthday, Clara")
        self.diary.note(self._moment(5, 10), self.goodwill.adjust, *birthday)
        self.diary.note(self._moment(2, 10), self.ines_gets_a_gift)

    def clara_buys_credit(self, at: dt.datetime, visit: Visit) -> None:
        order = self._open(at, visit)
        self._credit_for_clara(order, at, 10_000)
        self._pay(order, at, by_card(self.counter.rng, 18_500))

    def clara_pays_with_it(self, at: dt.datetime, visit: Visit) -> None:
        in_notes = Payment(CASH, 1500, cash_given=2000)
        self._pay(self._open(at, visit), at, Payment(CREDITS, 7000), in_notes)

    def pays_by_card(self, at: dt.datetime, visit: Visit) -> None:
        order = self._open(at, visit)
        self._pay(order, at, by_card(self.counter.rng, minor(visit.services[0].service.price)))

    def ben_owes_the_rest(self, at: dt.datetime, visit: Visit) -> None:
        order = self._open(at, visit)
        price = minor(visit.services[0].service.price)
        self._pay(order, at, by_card(self.counter.rng, price - 1200), Payment(CREDITS, 1200))

    def ines_gets_a_gift(self, at: dt.datetime) -> None:
        self.goodwill.adjust(
            at,
            self.shop,
            self.cast["Ines"],
            1500,
            AdjustReason.GIFT,
            "Sorry about the wait",
            expires_on=self.today + dt.timedelta(days=5),
            restriction=Restriction.SERVICES,
        )

    def ines_pays_for_clara(self, at: dt.datetime, visit: Visit) -> None:
        order = self._open(at, visit)
        self._credit_for_clara(order, at, 5000)
        cents = minor(visit.services[0].service.price) + 5000
        self._pay(order, at, by_card(self.counter.rng, cents))

    def clara_pays_a_deposit(self, at: dt.datetime, visit: Visit) -> None:
        desk = self.counter.desk(at, self.shop)
        order = open_order(desk=desk, client=visit.client, uuid=self.counter.key())
        add_deposit(
            order=order, beneficiary=visit.client, visit=visit.row, amount=money(3000), desk=desk
        )
        self._pay(order, at, by_card(self.counter.rng, 3000))

    def clara_buys_a_bottle(self, at: dt.datetime) -> None:
        desk = self.counter.desk(at, self.shop)
        order = open_order(desk=desk, client=self.cast["Clara"], uuid=self.counter.key())
        line = add_product(order=order, product=self.catalog.products[0], desk=desk)
        self._pay(order, at, by_card(self.counter.rng, minor(line.total)))
        self.diary.note(at + dt.timedelta(days=7), self.clara_brings_it_back, order)

    def clara_brings_it_back(self, at: dt.datetime, order: Order) -> None:
        refund_lines(
            order=order,
            amounts={order.lines.get(): money(2000)},
            destinations={order.tenders.get().pk: BALANCE},
            desk=self.counter.desk(at, self.shop, self.shop.chief),
            uuid=self.counter.key(),
            reason="Half full: not right for her hair",
        )

    def _visit(self, who: str, with_whom: str, days_ago: int, hour: int, *what: str) -> Visit:
        services = [Wanted(self.catalog.services[title], self.staff[with_whom]) for title in what]
        return Visit(self.shop, self.cast[who], self._moment(days_ago, hour), services)

    def _moment(self, days_ago: int, hour: int) -> dt.datetime:
        return moment(self.shop, self.today - dt.timedelta(days=days_ago), hour * 60 + 15)

    def _open(self, at: dt.datetime, visit: Visit) -> Order:
        return open_for_visit(appointment=visit.row, desk=self.counter.desk(at, self.shop))

    def _credit_for_clara(self, order: Order, at: dt.datetime, cents: int) -> None:
        add_account_credits(
            order=order,
            beneficiary=self.cast["Clara"],
            amount=money(cents),
            desk=self.counter.desk(at, self.shop),
        )

    def _pay(self, order: Order, at: dt.datetime, *paid: Payment) -> None:
        desk = self.counter.desk(at, self.shop)
        for payment in paid:
            self.counter.take(order, payment, desk)
        close_order(order=order, desk=desk)
