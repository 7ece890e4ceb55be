"""Clients who had too little with them, owe the rest, and mostly pay it weeks later."""

import datetime as dt
from collections.abc import Sequence
from random import Random

from checkout.closing import close_order
from checkout.models.orders import Totals
from checkout.opening import open_for_visit
from checkout.tender_kinds import CREDITS
from demo.book import Visit, moment
from demo.counter import Counter
from demo.diary import Diary
from demo.paying import Payment, by_card
from salon.money import minor

DEAR = 45
LEAST, ONE_IN = 6, 70
OWED = [800, 1200, 1500, 2000, 2500, 3500]
BOUGHT = [5000, 7500, 10000]
"""With the next credit that they buy, what they owe is settled first."""


class Debts:
    """`rng` is its own. Plans before others do: what it planned is left to it."""

    def __init__(self, rng: Random, counter: Counter, diary: Diary) -> None:
        self.rng = rng
        self.counter = counter
        self.diary = diary

    def plan(self, visits: Sequence[Visit]) -> set[int]:
        """Note how some of these visits end, at most one of a client's; their ids.

        Two in three pay later.
        """
        dear = {visit.client.pk: visit for visit in visits if visit.price >= DEAR}
        many = min(len(dear), max(LEAST, len(visits) // ONE_IN))
        chosen = self.rng.sample(list(dear.values()), many)
        chosen.sort(key=lambda visit: visit.starts_at)
        for number, visit in enumerate(reversed(chosen)):
            end = visit.ends_at + dt.timedelta(minutes=self.rng.randrange(2, 9))
            self.diary.note(end, self.owes, visit, self.rng.choice(OWED), number % 3 != 0)
        return {id(visit) for visit in chosen}

    def owes(self, at: dt.datetime, visit: Visit, cents: int, pays_later: bool) -> None:
        """The rest goes on their account; who has credit pays as always."""
        desk = self.counter.desk(at, visit.shop)
        if self.counter.credit_of(visit.client, desk):
            self.counter.check_out(at, visit)
            return
        order = open_for_visit(appointment=visit.row, desk=desk)
        total = minor(Totals(order.lines.all(), []).total)
        self.counter.take(order, by_card(self.rng, total - cents), desk)
        self.counter.take(order, Payment(CREDITS, cents), desk)
        close_order(order=order, desk=desk)
        if pays_later:
            day = at.astimezone(visit.shop.location.zone).date()
            day += dt.timedelta(days=self.rng.randrange(5, 32))
            later = moment(visit.shop, day, self.rng.randrange(10 * 60, 18 * 60))
            arguments = (visit.shop, visit.client, visit.client, self.rng.choice(BOUGHT))
            self.diary.note(later, self.counter.top_up, *arguments)
