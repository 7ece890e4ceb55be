"""Today and the coming week: a book to work in, whatever hour it is."""

import datetime as dt
from random import Random

from appointments.times import day_bounds
from checkout.models.orders import Totals
from checkout.opening import open_for_visit, open_order
from demo import book
from demo.book import Book, Visit, moment
from demo.counter import Counter
from demo.diary import Diary
from demo.paying import Payment, by_card
from demo.places import Shop
from salon.money import minor

FULL = 0.7
WEEK = [0.62, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3]
"""How much of tomorrow and of the days after it is taken."""
WORK_ENDS = 14 * 60 + 30
"""Nothing that starts later is checked out yet, so that late in the evening there is work left."""


class Today:
    """Plans today and the days ahead. `now` parts what has happened from what has not."""

    def __init__(
        self, rng: Random, book: Book, counter: Counter, diary: Diary, now: dt.datetime
    ) -> None:
        self.rng = rng
        self.book = book
        self.counter = counter
        self.diary = diary
        self.now = now

    def plan(self, shops: list[Shop], today: dt.date, kept: list[Visit]) -> None:
        """Visits into the book, and what has happened of them until now into the diary."""
        for ahead, busyness in enumerate([FULL, *WEEK]):
            day = today + dt.timedelta(days=ahead)
            for shop in shops:
                visits = self.book.fill(shop, day, busyness, kept)
                book.write(visits)
                if ahead == 0:
                    self._live(shop, today, visits)

    def _live(self, shop: Shop, today: dt.date, visits: list[Visit]) -> None:
        """Two cancel, one never comes, those who were here have paid, some are in the chair."""
        visits = sorted(visits, key=lambda visit: visit.starts_at)
        canceling = visits[2::9][:2]
        for visit in canceling:
            last_night = moment(shop, today - dt.timedelta(days=1), self.rng.randrange(1080, 1200))
            self.diary.note(last_night, self.counter.does_not_come, visit)
        done_until = min(self.now, moment(shop, today, WORK_ENDS))
        arrived_until = min(self.now, done_until + dt.timedelta(minutes=45))
        in_the_chair: list[Visit] = []
        for number, visit in enumerate(visit for visit in visits if visit not in canceling):
            if visit.ends_at + dt.timedelta(minutes=8) < done_until:
                self._is_over(visit, never_came=number == 3)
            elif visit.starts_at < arrived_until:
                self.diary.note(visit.starts_at, self.counter.arrives, visit)
                in_the_chair.append(visit)
        self._hold_money(shop, day_bounds(shop.location, today)[0], in_the_chair)

    def _is_over(self, visit: Visit, *, never_came: bool) -> None:
        if never_came:
            later = visit.starts_at + dt.timedelta(minutes=15)
            self.diary.note(later, self.counter.does_not_come, visit)
        else:
            later = visit.ends_at + dt.timedelta(minutes=3)
            self.diary.note(later, self.counter.check_out, visit)

    def _hold_money(self, shop: Shop, opens: dt.datetime, here: list[Visit]) -> None:
        """An open sale on which a payment stands: a visit's, or before the first, a walk-in's."""
        at = max(self.now - dt.timedelta(minutes=12), opens)
        if here:
            dearest = max(here, key=lambda visit: visit.price)
            self.diary.note(min(at, dearest.ends_at), self._part_of_visit, dearest)
        else:
            self.diary.note(at, self._part_of_shelf, shop)

    def _part_of_visit(self, at: dt.datetime, visit: Visit) -> None:
        desk = self.counter.desk(at, visit.shop)
        order = open_for_visit(appointment=visit.row, desk=desk)
        half = minor(Totals(order.lines.all(), []).total) // 2
        self.counter.take(order, by_card(self.rng, max(half // 500 * 500, 500)), desk)

    def _part_of_shelf(self, at: dt.datetime, shop: Shop) -> None:
        desk = self.counter.desk(at, shop)
        order = open_order(desk=desk, uuid=self.counter.key())
        self.counter.put_from_shelf(order, desk)
        self.counter.take(order, Payment("cash", 1000, cash_given=1000), desk)
