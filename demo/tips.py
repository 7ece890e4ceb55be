"""The tips of a week go with the payroll of the Monday after it; this week's are owed still."""

import datetime as dt
import uuid
from random import Random

from checkout.tip_payouts.owed import standings
from checkout.tip_payouts.paying import pay_tips
from demo.book import moment
from demo.counter import Counter
from demo.diary import Diary
from demo.places import Shop
from salon.models import TipsPaid

AT = 9 * 60 + 20


class TipsPaidOut:
    """`rng` is its own, so that nothing else depends on it."""

    def __init__(self, rng: Random, counter: Counter, diary: Diary) -> None:
        self.rng = rng
        self.counter = counter
        self.diary = diary

    def plan(self, shop: Shop, today: dt.date, days: int) -> None:
        """All the Mondays of so many days, but for today's."""
        for ago in range(days, 0, -1):
            day = today - dt.timedelta(days=ago)
            if day.weekday() == 0:
                self.diary.note(moment(shop, day, AT), self.pays, shop)

    def pays(self, at: dt.datetime, shop: Shop) -> None:
        """Everybody, wherever they earned it."""
        owed = {each.person: each.owed for each in standings() if each.owed}
        if owed:
            pay_tips(
                amounts=owed,
                how=TipsPaid.PAYROLL,
                desk=self.counter.desk(at, shop, shop.chief),
                uuid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                reference=f"Payroll of {at:%B} {at.day}",
            )
