"""The demo salon's tills: opened in the morning, counted in the evening, mostly right."""

import datetime as dt
import uuid
from random import Random

from appointments.times import day_bounds
from checkout.models import TillSession
from checkout.tills.closing import close_till
from checkout.tills.figures import expected_in
from checkout.tills.moving import pay_out
from checkout.tills.opening import open_till
from demo.book import moment
from demo.counter import Counter
from demo.diary import Diary
from demo.places import Shop
from salon.money import money

DAYS = 14
"""How long ago counting began; what the tills held until then went to the safe."""
FLOAT = 10_000
OPENS, CLOSES, ERRANDS = 8 * 60 + 40, 19 * 60 + 30, 11 * 60 + 20
YESTERDAYS_SLIP = -200
SLIPS = [0, 0, 0, 0, 0, 0, -100, -25, 35, 500]
ERRAND = [("Milk and coffee", 1_480), ("Parking for the courier", 600), ("Flowers", 2_200)]


class Tills:
    """Both shops' first tills. `rng` is its own, so that nothing else depends on it."""

    def __init__(self, rng: Random, counter: Counter, diary: Diary) -> None:
        self.rng = rng
        self.counter = counter
        self.diary = diary

    def plan(self, shops: list[Shop], today: dt.date, now: dt.datetime) -> None:
        """Every evening of the last days into the diary, and this morning."""
        for shop in shops:
            for ago in range(DAYS, 0, -1):
                day = today - dt.timedelta(days=ago)
                if ago == DAYS:
                    self.diary.note(moment(shop, day, OPENS - 20), self.clears, shop)
                slip = YESTERDAYS_SLIP if ago == 1 else self.rng.choice(SLIPS)
                self.diary.note(moment(shop, day, OPENS), self.opens, shop)
                self.diary.note(moment(shop, day, CLOSES), self.closes, shop, slip)
                if self.rng.random() < 0.4:
                    errand = self.rng.choice(ERRAND)
                    self.diary.note(moment(shop, day, ERRANDS), self.pays, shop, *errand)
            # However early it is: the salon is there to be looked at.
            start = day_bounds(shop.location, today)[0]
            at = max(start, min(moment(shop, today, OPENS), now - dt.timedelta(minutes=30)))
            self.diary.note(at, self.opens, shop)

    def clears(self, at: dt.datetime, shop: Shop) -> None:
        """All that is in the till goes to the safe, before counting begins."""
        desk = self.counter.desk(at, shop, shop.chief)
        held = expected_in(shop.till)
        if held > 0:
            pay_out(till=shop.till, amount=money(held), desk=desk, uuid=self._key(), to_safe=True)

    def opens(self, at: dt.datetime, shop: Shop) -> None:
        desk = self.counter.desk(at, shop, shop.desk_staff[0])
        open_till(till=shop.till, counted=money(FLOAT), desk=desk, uuid=self._key())

    def pays(self, at: dt.datetime, shop: Shop, reason: str, cents: int) -> None:
        desk = self.counter.desk(at, shop, shop.chief)
        if expected_in(shop.till) >= cents:
            pay_out(till=shop.till, amount=money(cents), desk=desk, uuid=self._key(), reason=reason)

    def closes(self, at: dt.datetime, shop: Shop, slip: int) -> None:
        """What is in it, give or take the slip, is counted; the float stays."""
        session = TillSession.objects.get(till=shop.till, closed_at=None)
        counted = max(expected_in(shop.till) + slip, 0)
        close_till(
            session=session,
            counted=money(counted),
            left_in=money(min(FLOAT, counted)),
            desk=self.counter.desk(at, shop, shop.desk_staff[0]),
        )

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)
