"""The months behind us: day by day at both locations, through the verbs that the desk uses."""

import datetime as dt
from random import Random

from demo import book
from demo.book import BY_WEEKDAY, Book, Visit, moment
from demo.clients import Clientele
from demo.counter import TOP_UPS, Counter
from demo.debts import Debts
from demo.diary import Diary
from demo.goodwill import Goodwill
from demo.held import Deposits
from demo.places import Shop

DAYS = 120
USUAL = 0.145
"""Of the free slots of an ordinary day, how many are taken."""
SEED = 1905
"""Chance of its own for what few visits have: a deposit, or that a client owes the rest."""
BEFORE = dt.timedelta(days=10)
"""Deposits were taken earlier than the visit; none before the first day."""


class History:
    """Plans what happened before today; the diary then lets it happen."""

    def __init__(
        self,
        rng: Random,
        book: Book,
        counter: Counter,
        goodwill: Goodwill,
        diary: Diary,
        clientele: Clientele,
    ) -> None:
        self.rng = rng
        self.book = book
        self.counter = counter
        self.goodwill = goodwill
        self.diary = diary
        self.clientele = clientele

    def plan(self, shops: list[Shop], today: dt.date, kept: list[Visit]) -> None:
        """Visits into the book, and everything that happens into the diary."""
        first = today - dt.timedelta(days=DAYS)
        visits: list[Visit] = []
        self._bring_over(shops, first)
        for number in range(DAYS):
            day = first + dt.timedelta(days=number)
            growth = 0.5 + 1.2 * (number / DAYS) ** 2  # The last weeks are looked at most.
            for shop in shops:
                busyness = USUAL * growth * BY_WEEKDAY[day.weekday()]
                visits += self.book.fill(shop, day, busyness, kept)
                self._besides(shop, day)
        book.write(visits)
        for visit in self._usual(visits, moment(shops[0], first, 0) + BEFORE):
            self._note(visit)
        self.diary.note(moment(shops[0], first, 5 * 60), self.goodwill.expire, self.diary)

    def _usual(self, visits: list[Visit], first: dt.datetime) -> list[Visit]:
        """All but those of which something else is to be told, which is noted."""
        chance = Random(SEED)  # nosec B311
        told = Deposits(chance, self.counter, self.diary).plan(visits, first)
        visits = [visit for visit in visits if id(visit) not in told]
        told = Debts(chance, self.counter, self.diary).plan(visits)
        return [visit for visit in visits if id(visit) not in told]

    def _note(self, visit: Visit) -> None:
        """Most come and pay; some cancel in time; a few never come."""
        chance = self.rng.random()
        if chance < 0.92:
            late = dt.timedelta(minutes=self.rng.randrange(2, 9))
            self.diary.note(visit.ends_at + late, self.counter.check_out, visit)
        elif chance < 0.98:
            before = dt.timedelta(hours=self.rng.randrange(1, 40))
            self.diary.note(visit.starts_at - before, self.counter.does_not_come, visit)
        else:
            later = dt.timedelta(minutes=20)
            self.diary.note(visit.starts_at + later, self.counter.does_not_come, visit)

    def _besides(self, shop: Shop, day: dt.date) -> None:
        """What is not a visit: the shelf, credit bought, presents, mistakes."""
        scale = self.book.scale
        regulars = [known for known in self.clientele.regulars[shop.location.pk] if known.weight]
        if self.rng.random() < 0.55 * scale:
            known = self.rng.choice([None, *self.rng.sample(regulars, 2)])
            self.diary.note(self._some_time(shop, day), self.counter.retail, shop, known)
        if self.rng.random() < 0.16 * scale:
            payer, friend = self.rng.sample(regulars, 2)
            beneficiary = friend if self.rng.random() < 0.35 else payer
            cents = self.rng.choice(TOP_UPS)
            arguments = (shop, payer.client, beneficiary.client, cents)
            self.diary.note(self._some_time(shop, day), self.counter.top_up, *arguments)
        if self.rng.random() < 0.2 * scale:
            known = self.rng.choice(regulars)
            self.diary.note(self._some_time(shop, day), self.goodwill.give, shop, known)
        if self.rng.random() < 0.08 * scale:
            known = self.rng.choice(regulars)
            self.diary.note(self._some_time(shop, day), self.counter.mistake, shop, known)

    def _bring_over(self, shops: list[Shop], day: dt.date) -> None:
        """On the first day, one in eight already has a balance."""
        for shop in shops:
            for known in self.clientele.regulars[shop.location.pk]:
                if known.client.location_id == shop.location.pk and self.rng.random() < 0.12:
                    at = moment(shop, day, 8 * 60 + self.rng.randrange(45))
                    self.diary.note(at, self.goodwill.bring_over, shop, known.client)

    def _some_time(self, shop: Shop, day: dt.date) -> dt.datetime:
        return moment(shop, day, self.rng.randrange(10 * 60, 18 * 60 + 30))
